"""Comparisons: calibrate what a file says, predict the rest, set it beside published values."""
