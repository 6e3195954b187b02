"""When the request is over: read every session once more, and what the next request will find."""
