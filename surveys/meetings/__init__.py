"""小板凳恳谈会: its agenda, who came, what was said and asked, the wall and the minutes."""
