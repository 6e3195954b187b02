"""Session libraries: how they are described and recognized, and how settings build their factories."""
