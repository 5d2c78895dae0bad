"""One renovation round of one courtyard, and its ladder of steps."""
