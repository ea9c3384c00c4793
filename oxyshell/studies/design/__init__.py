"""Designs that cannot be bettered in one objective without losing in another; the verdict on a reference."""
