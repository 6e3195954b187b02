"""The views: pages that look, and posts that act."""
