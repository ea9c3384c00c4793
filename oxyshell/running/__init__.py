"""One run: simulation, recording, checkpoints, processes and signals."""
