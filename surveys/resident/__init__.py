"""The page behind the courtyard's code: what is open here now, gathered from every room."""
