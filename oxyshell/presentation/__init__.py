"""Results as a reader meets them, on a terminal, on a page and in a notebook: tables, numbers, words."""
