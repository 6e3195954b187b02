"""While the request runs: which namespaces are opened, by whom, and what they hold then."""
