"""The letters that wait, and a trace of those that left."""

from django.db import models

from core.models import Referenced


class Letter(Referenced):
    """One e-mail to one address. `key` makes one event reach an address at most once."""

    key = models.CharField(max_length=400, unique=True, null=True)  # noqa: DJ001  (many letters have none)
    to = models.EmailField()
    subject = models.CharField(max_length=250)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
