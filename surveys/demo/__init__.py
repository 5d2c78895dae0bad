"""演示: a courtyard with its round half way, made through the rooms' own acts."""
