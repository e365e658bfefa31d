from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.states import Flow, Move, Waiting


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("Ready to begin")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Stopped")


UPLOADED, RUNNING, DONE, CANCELLED, FAILED = ImportState

FLOW = Flow(
    name="import",
    states=ImportState,
    initial=UPLOADED,
    moves=[
        Move("start", UPLOADED, RUNNING, by=("seller", "system")),
        Move("finish", RUNNING, DONE, by=("system",)),
        Move("give_up", RUNNING, FAILED, by=("system",)),
        Move("cancel", (UPLOADED, RUNNING), CANCELLED, by=("seller", "system")),
    ],
    waiting={UPLOADED: Waiting(owner="seller"), RUNNING: Waiting(owner="system", timer="every minute", silence="finish")},
    final=frozenset({DONE, CANCELLED, FAILED}),
)


class PictureState(models.TextChoices):
    WAITING = "waiting", _("Waiting to be fetched")
    FETCHED = "fetched", _("Fetched")
    REFUSED = "refused", _("Not taken")


PICTURE_FLOW = Flow(
    name="import_picture",
    states=PictureState,
    initial=PictureState.WAITING,
    moves=[
        Move("fetch", PictureState.WAITING, PictureState.FETCHED, by=("system",)),
        Move("refuse", PictureState.WAITING, PictureState.REFUSED, by=("system",)),
    ],
    waiting={PictureState.WAITING: Waiting(owner="system", timer="every minute", silence="fetch")},
    final=frozenset({PictureState.FETCHED, PictureState.REFUSED}),
)
FLOWS = (PICTURE_FLOW,)
