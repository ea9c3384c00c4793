"""Chemical potential of ions that interact: phase separation, fronts, their energy and their stress."""
