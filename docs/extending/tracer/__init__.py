"""A tracer that diffuses in the particle, decays, and leaves through its surface."""
