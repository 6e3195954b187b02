"""Prefixes of cookie names: browsers drop such a cookie without certain attributes.

They ignore the case of the prefix (RFC 6265bis 4.1.3).
"""

HOST_PREFIX = "__host-"
SECURE_PREFIXES = ("__secure-", HOST_PREFIX)
