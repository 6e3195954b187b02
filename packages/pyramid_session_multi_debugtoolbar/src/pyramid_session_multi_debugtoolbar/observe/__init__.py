"""While the request runs: the opened namespaces, the code that opens them, and their data."""
