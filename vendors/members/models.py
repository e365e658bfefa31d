"""Members and invitations."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Referenced
from vendors.members.roles import permissions_of
from vendors.members.states import InvitationState
from vendors.profiles.models import Vendor


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Manager")
    LISTER = "lister", _("Lister")
    PACKER = "packer", _("Packer")
    ACCOUNTANT = "accountant", _("Accountant")
    SUPPORT = "support", _("Support")


class Member(Referenced):
    """One person in one vendor. The role is the truth about what they may do."""

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    joined_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint("vendor", "user", name="member_once")]

    @property
    def permissions(self) -> frozenset[str]:
        """What the role allows."""
        return permissions_of(self.role)


class Invitation(Referenced):
    """An e-mail address that may become a member, once. The link's secret is signed, not stored."""

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Role.choices)
    state = models.CharField(max_length=9, choices=InvitationState.choices, default=InvitationState.OPEN)
    language = models.CharField(max_length=10, default="en")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint("vendor", "email", condition=Q(state="open"), name="invitation_one_open"),
            models.CheckConstraint(
                condition=Q(state="accepted", accepted_by__isnull=False) | (~Q(state="accepted") & Q(accepted_by=None)),
                name="invitation_accepted_by_somebody",
            ),
        ]

    def is_open(self, at: datetime) -> bool:
        """Can still be accepted."""
        return self.state == InvitationState.OPEN and at < self.expires_at
