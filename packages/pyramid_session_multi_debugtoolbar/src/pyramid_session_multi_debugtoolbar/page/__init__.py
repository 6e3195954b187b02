"""When the panel is viewed: the report of one request, and the configuration."""
