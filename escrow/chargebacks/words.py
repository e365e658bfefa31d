"""What each piece of evidence shows, in words. Reads no table."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PIECES: Final[dict[str, str | Promise]] = {
    "summary": _("What happened, in short"),
    "product_description": _("What was sold"),
    "customer_name": _("The buyer's name"),
    "customer_email": _("The buyer's e-mail address"),
    "customer_ip": _("The buyer's internet address"),
    "billing_address": _("The billing address"),
    "shipping_address": _("Where it was sent"),
    "shipping_carrier": _("Who carried it"),
    "shipping_date": _("When it was sent"),
    "shipping_tracking_number": _("The tracking number"),
    "service_date": _("When it was handed over"),
    "access_log": _("When the buyer used it"),
    "refund_policy_shown": _("Where the buyer saw the terms"),
    "refund_refusal": _("Why no more is refunded"),
    "receipt": _("Receipt or invoice (file)"),
    "customer_communication": _("Messages with the buyer (file)"),
    "shipping_proof": _("Proof of delivery (file)"),
    "service_proof": _("Proof of the hand-over (file)"),
    "refund_policy": _("The terms (file)"),
    "customer_signature": _("The buyer's signature (file)"),
    "other": _("Something else (file)"),
}
