"""Parts of every physics: dimensions, formulas, properties of occupancy, observables, protocols."""
