"""The token table."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.tokens import scopes
from core.models import Referenced


class ApiToken(Referenced):
    """`hint` is the beginning of the secret, to recognise it by; the secret itself is stored nowhere."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60)
    hint = models.CharField(max_length=12)
    fingerprint = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=12))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("created_at")), name="token_ends_later")]

    def is_live(self, at: datetime) -> bool:
        """Neither revoked nor expired."""
        return self.revoked_at is None and at < self.expires_at

    def allows(self, scope: str) -> bool:
        """Whether this token may do what the scope names."""
        return scopes.allows(self.scopes, scope)
