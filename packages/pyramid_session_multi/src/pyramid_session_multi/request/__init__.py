"""A request's sessions: ``request.session_multi``."""
