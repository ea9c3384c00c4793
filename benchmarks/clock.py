"""The clock of every measurement: wall time, or CPU time of the process where others share the machine."""

from __future__ import annotations

import os
import time

VARIABLE = "OXYSHELL_BENCHMARKS_CLOCK"
CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}
# Handed down to the workers in their environment.
now = CLOCKS[os.environ.get(VARIABLE, "wall")]
