"""Recordings of the machine this runs on: its own stalls, and round trips to another.

A recording goes to disk as it is made. Ctrl-C, SIGKILL or a full disk end it, and what was seen until
then is there; docs/recordings.md says what the lines mean. Without a duration a recording goes on until
Ctrl-C and then returns what it has seen; with one, Ctrl-C cuts it short: the file is completed,
and `KeyboardInterrupt` comes out.
"""

from .echo import Echo, echo
from .pauses import PauseRecording, pauses
from .rtt import RttRecording, rtt
from .spans import Spans

__all__ = ["Echo", "PauseRecording", "RttRecording", "Spans", "echo", "pauses", "rtt"]
