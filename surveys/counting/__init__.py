"""How answers and picks are counted: pure rules on plain values, standard library only."""
