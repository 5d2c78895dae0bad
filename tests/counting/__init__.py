"""The rules of counting, by tables and by chance."""
