"""The built-in session libraries, one file each, named after the package that it describes.

Each has a ``LIBRARY``, the description of the package's factories and sessions. It is imported when
the first factory of that package is registered, and imports the package itself only if a session
of it exists already.
"""
