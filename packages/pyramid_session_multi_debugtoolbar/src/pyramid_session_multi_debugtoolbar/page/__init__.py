"""The page of the panel: the report of one request, and the configuration."""
