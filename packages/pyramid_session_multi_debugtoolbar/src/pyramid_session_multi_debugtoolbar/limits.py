"""Limits on the data that the panel keeps and shows, and on cookies.

Together they keep its page below 400 kB.
"""

# Text
MAX_NAME_CHARS = 100
MAX_PATH_CHARS = 160
MAX_LINE_CHARS = 200
MAX_MESSAGE_CHARS = 240
MAX_SEARCHED_CHARS = 5_000  # of a message, for secrets

# Values
MAX_STRING_CHARS = 300
MAX_VALUE_CHARS = 1200
MAX_ITEMS = 40
MAX_DEPTH = 5
MAX_VALUE_STEPS = 400
MAX_NUMBER_BITS = 512
MAX_SHORT_CHARS = 32  # short values are rendered when the page is viewed
MAX_SHORT_NUMBER = 10**20

# Sessions; BYTES are bytes of HTML
MAX_KEYS = 100
MAX_SIDE_BYTES = 20_000
MAX_PAGE_BYTES = 140_000
MAX_BYTES_PER_CHAR = 6  # escaped
MAX_MARKUP_BYTES = 40  # around one value

# Rows
MAX_STACK_FRAMES = 25
MAX_ERRORS = 10
MAX_NAMESPACES = 100
MAX_NAMED_NAMESPACES = 3
MAX_ROWS = 50
MAX_SECTIONS = 40
MAX_LOST_WRITES = 20
MAX_SENT_COOKIES = 5

# Cookies
MAX_COOKIE_BYTES = 4096  # name and value: Chromium silently drops longer ones, others likewise
MAX_HEADER_BYTES = 8000  # all session cookies: servers and proxies accept about 8 kB of headers
