"""Text to checked values: YAML with lines, units, provenance and the mistakes in them."""
