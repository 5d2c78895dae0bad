"""The roll of households, the courtyard's code and the households' codes."""
