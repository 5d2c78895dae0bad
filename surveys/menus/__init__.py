"""菜单: costed items made of needs, and the rules of picking."""
