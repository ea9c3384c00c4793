"""How results react to parameters: one at a time, and all together (Sobol' indices)."""
