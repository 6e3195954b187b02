"""The built-in session libraries, one file each, named after the package it describes."""
