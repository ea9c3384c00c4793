"""Time integrators and the step sizes that they share."""
