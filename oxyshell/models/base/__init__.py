"""What every physics is made of: dimensions, formulas, properties of occupancy, protocols."""
