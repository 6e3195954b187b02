"""The views: pages that read, and POSTs that write."""
