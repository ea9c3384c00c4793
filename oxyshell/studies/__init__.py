"""Many runs: calibration and comparison."""
