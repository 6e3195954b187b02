"""After the request: reading every session once more, and the data of the next request."""
