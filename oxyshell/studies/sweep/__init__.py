"""Sweeps: many points of one scenario, on this machine or on a cluster, resumable, in one study."""
