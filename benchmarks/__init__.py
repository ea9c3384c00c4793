"""Speed and memory of oxyshell, as ratios within one run: `python -m benchmarks`."""
