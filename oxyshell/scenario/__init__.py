"""One scenario: what a user writes about a particle, its physics and its protocol."""
