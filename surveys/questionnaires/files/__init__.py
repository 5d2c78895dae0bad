"""Questionnaires out of Excel files and pasted text, and into Excel files. Pure."""
