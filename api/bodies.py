"""Reading a request's body with a serializer that is built once per thread.

DRF copies every field of a serializer's class for each request, which costs several times what reading a small body does.
"""

from __future__ import annotations

import threading
from typing import Any

from rest_framework.serializers import BaseSerializer

_here = threading.local()


def validated(serializer_class: type[BaseSerializer[Any]], *, data: Any, context: dict[str, Any]) -> dict[str, Any]:
    """The body as the serializer understands it. Raises DRF's ValidationError with a sentence for every field that is wrong."""
    if serializer_class.__init__ is not BaseSerializer.__init__:  # it may look at what is asked
        return _read(serializer_class(), data, context)
    kept: dict[type[BaseSerializer[Any]], BaseSerializer[Any]] = _here.__dict__.setdefault("kept", {})
    serializer = kept.pop(serializer_class, None) or serializer_class()
    try:
        return _read(serializer, data, context)
    finally:
        serializer.initial_data, serializer._context = None, {}
        kept[serializer_class] = serializer


def _read(serializer: BaseSerializer[Any], data: Any, context: dict[str, Any]) -> dict[str, Any]:
    serializer.initial_data, serializer._context = data, context  # type: ignore[misc]  # as its constructor does
    return dict(serializer.run_validation(data))
