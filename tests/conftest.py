from __future__ import annotations

from oxyshell import _stack

_stack.load()
