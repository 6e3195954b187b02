"""The ``session_multi.*`` settings."""
