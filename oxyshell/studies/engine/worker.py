"""A worker process: `python -m oxyshell.studies.sweeping.worker FD`, which `workers.Workers` starts."""

from __future__ import annotations

import os
import signal
import sys
import threading
from multiprocessing.connection import Connection

READY, TAKEN = "ready", "taken"


def main() -> None:
    """Take the job, then run point after point until the other side hangs up."""
    # Ctrl-C reaches the whole group of processes; whoever started this one decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    connection: Connection = Connection(int(sys.argv[1]))
    from oxyshell.errors import OxyshellError
    from oxyshell.outputs import notices
    from oxyshell.studies.engine.point_runner import Notice, PointRunner

    try:
        runner = PointRunner(connection.recv())
        connection.send(READY)
        with notices(lambda text: connection.send(Notice(text))):
            while True:
                point = connection.recv()
                # A point that was never begun is not lost with the worker.
                connection.send(TAKEN)
                connection.send(runner.run(point))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
    except OxyshellError as error:
        sys.exit(str(error))


def _end_with_parent() -> None:
    """Standard input is a pipe that nobody writes to: it ends when the parent does, however that dies."""
    os.read(0, 1)
    os._exit(1)


if __name__ == "__main__":
    main()
