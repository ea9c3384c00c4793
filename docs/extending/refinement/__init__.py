"""A study: a scenario with finer and finer numerics, and how far each is from the finest."""
