"""Start-up: the directives, their checks and the settings."""
