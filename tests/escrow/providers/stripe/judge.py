"""stripe-mock, Stripe's own validator of requests: started for tests, which skip by name where it is not installed, and fail there in CI."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

VERSION = "v0.203.0"
NOT_YET_KNOWN = {"paypay", "sequra"}  # ways to pay that Stripe has added since this judge was made


def binary() -> str:
    found = shutil.which("stripe-mock", path=os.pathsep.join([os.environ.get("PATH", ""), str(Path.home() / "go/bin")]))
    if found is None:
        missing = f"stripe-mock is not installed: go install github.com/stripe/stripe-mock@{VERSION}"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return found


@contextmanager
def sitting() -> Iterator[str]:
    """Its address, for as long as it sits."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(
        [binary(), "-http-addr", f"127.0.0.1:{port}", "-https-addr", "127.0.0.1:0"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            _await(f"http://127.0.0.1:{port}", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _await(address: str, server: "subprocess.Popen[bytes]") -> None:
    for _try in range(300):
        assert server.poll() is None, "stripe-mock has ended"
        try:
            with urlopen(address, timeout=5):
                return
        except URLError as answer:
            if hasattr(answer, "code"):  # it wants a key: it is there
                return
            time.sleep(0.1)
    pytest.fail("stripe-mock did not start within 30 seconds")
