"""Systems one of whose unknowns is solved for cell by cell."""
