"""Somebody with a token who does not give up: no answer means asking again, with the same Idempotency-Key, until there is one."""

from __future__ import annotations

import json
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any

Answer = dict[str, Any]
PATIENCE_SECONDS = 150.0


@dataclass
class Customer:
    root: str
    token: str
    unanswered: int = 0
    answers: list[tuple[str, int]] = field(default_factory=list)

    def get(self, path: str) -> Answer:
        return self._insist("GET", path, None, {})

    def post(self, path: str, body: Answer | None = None) -> Answer:
        return self._insist("POST", path, body or {}, {"Idempotency-Key": secrets.token_hex(16)})

    def patch(self, path: str, body: Answer) -> Answer:
        return self._insist("PATCH", path, body, {})

    def put(self, path: str, body: Answer) -> Answer:
        return self._insist("PUT", path, body, {})

    def until(self, path: str, fact: Callable[[Answer], bool]) -> Answer:
        """Look again until it is so."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not fact(found := self.get(path)):
            assert time.monotonic() < deadline, f"{path} stays {found}"
            time.sleep(0.25)
        return found

    def _insist(self, method: str, path: str, body: Answer | None, headers: dict[str, str]) -> Answer:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            status, text = self._ask(method, path, body, headers)
            self.answers.append((path, status))
            if 200 <= status < 300:
                return dict(json.loads(text or "{}"))
            assert status == 0 or status >= 500, f"{method} {path} answered {status}: {text[:600]}"
            assert time.monotonic() < deadline, f"{method} {path} has no answer but {status} {text[:600]}"
            self.unanswered += 1
            time.sleep(0.25)

    def _ask(self, method: str, path: str, body: Answer | None, headers: dict[str, str]) -> tuple[int, str]:
        """Status and text; 0 when the line went dead."""
        request = urllib.request.Request(f"{self.root}/api/v1/{path}", data=None if body is None else json.dumps(body).encode(), method=method)
        for name, value in {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **headers}.items():
            request.add_header(name, value)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode(errors="replace")
        except (OSError, HTTPException):
            return 0, ""
