"""The built-in session libraries: one file for each package that defines sessions.

The file has the name of the package. pyramid_nacl_session creates Pyramid's own sessions.

Each defines ``LIBRARY``, the description of the package's factories and sessions. The file is
imported when the first factory of that package is registered. It imports the package itself only
when a session of it exists.
"""
