"""The desk: one courtyard's page and what to do next."""
