"""The letters that wait, and a trace of those that left."""

from django.db import models

from core.models import Referenced


class Letter(Referenced):
    """One e-mail to one address. `key` makes one event reach an address at most once.

    With a language it is laid out when it leaves: `text` are its paragraphs until then, `action` and `link` its button.
    """

    key = models.CharField(max_length=400, unique=True, null=True)  # noqa: DJ001  (many letters have none)
    to = models.EmailField()
    subject = models.CharField(max_length=250)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    language = models.CharField(max_length=12, blank=True, default="")
    action = models.CharField(max_length=80, blank=True, default="")
    link = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
