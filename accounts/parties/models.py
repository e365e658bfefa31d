"""The party table."""

from django.db import models
from django.db.models.functions import Lower

from core.models import ReferenceField


class PartyKind(models.TextChoices):
    USER = "user"
    GUEST = "guest"
    VENDOR = "vendor"
    PLATFORM = "platform"


class Party(models.Model):
    """One row per debtor or owner. `email` is filled for guests only: it is what makes a guest one party."""

    key = ReferenceField()
    kind = models.CharField(max_length=8, choices=PartyKind.choices)
    label = models.CharField(max_length=200)
    email = models.EmailField(blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "parties"
        constraints = [
            models.UniqueConstraint("email", condition=models.Q(kind="guest"), name="party_one_per_guest"),
            models.UniqueConstraint("kind", condition=models.Q(kind="platform"), name="party_one_platform"),
            models.CheckConstraint(
                condition=models.Q(kind="guest", email__gt="") | (~models.Q(kind="guest") & models.Q(email="")),
                name="party_email_of_guests_only",
            ),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="party_email_lowercase"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"
