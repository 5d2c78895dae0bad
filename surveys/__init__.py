"""小板凳: surveys and ballots for old courtyards."""
