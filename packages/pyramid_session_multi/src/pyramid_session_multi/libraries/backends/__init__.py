"""The built-in session libraries, one file each, named after the package that it describes.

Each defines ``LIBRARY``, the description of the package's factories and sessions. The file is
imported when the first factory of that package is registered. It imports the package itself only
when a session of it exists.
"""
