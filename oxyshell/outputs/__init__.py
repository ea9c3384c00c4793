"""The run folder, written and read back, and progress reports.

Takes plain arrays and knows neither the solver nor the scenario's schema.
"""

from oxyshell.outputs.folder import RunFolder, RunOutput
from oxyshell.outputs.in_memory import NullFolder, SummaryOnly
from oxyshell.outputs.progress import NullProgress, Progress, notices, progress
from oxyshell.outputs.reading import read_run
from oxyshell.outputs.records import Column, FieldSnapshot, Profile, Row, Summary
from oxyshell.outputs.result import Profiles, Result

__all__ = [
    "Column",
    "FieldSnapshot",
    "NullFolder",
    "NullProgress",
    "Profile",
    "Profiles",
    "Progress",
    "Result",
    "Row",
    "RunFolder",
    "RunOutput",
    "Summary",
    "SummaryOnly",
    "notices",
    "progress",
    "read_run",
]
