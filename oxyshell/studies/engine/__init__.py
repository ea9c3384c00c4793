"""Parts that studies share: references, quantities, points, workers, tables."""
