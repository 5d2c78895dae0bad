"""The place tree, staff and their roles on it, sign-in, and access."""
