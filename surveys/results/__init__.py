"""Who may see what and when; live figures, the big screen, the frozen result."""
