"""A session's data as harmless, bounded text: reading it runs no code of the application."""
