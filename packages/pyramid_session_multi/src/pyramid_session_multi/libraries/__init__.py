"""Session libraries: describing and recognizing them, and building their factories."""
