"""Heartbeats: what is sent, and what of it a monitor sees."""

from .arrivals import Arrivals, Census
from .log import read_heartbeats
from .model import Heartbeats
from .observers import Observers

__all__ = ["Arrivals", "Census", "Heartbeats", "Observers", "read_heartbeats"]
