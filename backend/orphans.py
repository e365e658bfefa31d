"""A child that must not outlive its parent, however the parent ends."""

import ctypes
import os
import signal
import sys
import threading
import time

PARENT = "SOUK_SUPERVISOR"  # the environment variable in which a supervisor hands its process id to its children
_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """End this process when its supervisor is gone. Does nothing for a process that nobody supervises."""
    parent = int(os.environ.get(PARENT, "0"))
    if not parent:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    threading.Thread(target=_watch, args=(parent,), name="parent-watch", daemon=True).start()


def _watch(parent: int) -> None:
    """Where the kernel gives no notice (macOS), and against a parent that died before we asked for one."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(25)
    os._exit(1)
