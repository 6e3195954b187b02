"""Builders of session factories for the settings, one file for each ``use =`` keyword."""
