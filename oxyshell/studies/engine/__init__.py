"""What all studies share: quantities, points, references, tables."""
