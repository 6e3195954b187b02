"""Start-up's result: the registered namespaces, and whether they are isolated from each other."""
