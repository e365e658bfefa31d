"""A file as an answer: downloaded, never shown in our own pages' name, and kept by no cache."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse

TYPES: Final = {"csv": "text/csv; charset=utf-8", "pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}


def attachment(data: bytes, *, kind: str, name: str) -> HttpResponse:
    """`kind`: its ending; `name`: the file's, without its ending."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"', "Cache-Control": "no-store"}
    return HttpResponse(data, content_type=TYPES[kind], headers=headers)
