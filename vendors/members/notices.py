"""The words of this room's letters."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.letters import layout
from accounts.letters import operations as letters
from vendors.members.links import token_of
from vendors.members.models import Invitation


def tell_invited(*, invitation: Invitation, at: datetime) -> None:
    """The letter with the link, in the language of the one who invites."""
    with translation.override(invitation.language):
        title = _("{shop} invites you to join its team on Souk").format(shop=invitation.vendor.name)
        paragraphs = [
            _("{person} invites you to work in the shop “{shop}”. Your role: {role}.").format(
                person=invitation.invited_by.shown_name, shop=invitation.vendor.name, role=invitation.get_role_display()
            ),
            _("The link works once, for this e-mail address only, for 7 days. If you do not expect this, do nothing."),
        ]
        link = settings.SOUK.url + reverse("storefront:my_shop:invitation", args=[token_of(invitation)])
        text, html = layout.compose(title=title, paragraphs=paragraphs, action=_("See the invitation"), link=link)
    letters.write(to=invitation.email, subject=title, text=text, html=html, key=f"invitation:{invitation.reference}", at=at)
