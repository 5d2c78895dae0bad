"""业主表决: the owners of a courtyard, what they vote on by count and by area, and its papers."""
