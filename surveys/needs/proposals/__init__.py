"""Proposals for sorting: what a suggestion may wish for, and which of them ask for the same thing.

Pure functions of texts and of a vocabulary, without Flask, database, clock or chance. They propose:
staff decide. How they come about stands in docs/sorting.md.
"""
