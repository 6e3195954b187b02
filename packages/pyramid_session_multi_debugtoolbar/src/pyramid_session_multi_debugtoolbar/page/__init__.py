"""When somebody looks at the panel: the report of one request, and the configuration."""
