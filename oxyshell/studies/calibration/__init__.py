"""Parameters fitted to targets, and how well the targets determine them."""
