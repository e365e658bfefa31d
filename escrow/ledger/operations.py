"""Writing to the book: one verb."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.errors import Kind, Refusal
from escrow.ledger.entries import Line, body_hash, checked, credit, debit
from escrow.ledger.models import Transfer

__all__ = ["InsufficientBalance", "KeyConflict", "Line", "credit", "debit", "post"]

POST = """
SELECT transfer_id, outcome, detail FROM escrow_post(
    %s, %s, %s, %s, %s, %s, %s,
    %s::text[], %s::text[], %s::text[], %s::smallint[], %s::boolean[], %s::bigint[])
"""


class KeyConflict(Refusal):
    code = "ledger_key_conflict"
    kind = Kind.CONFLICT
    sentence = _("This has been recorded before, with other figures. Nothing was changed.")


class InsufficientBalance(Refusal):
    code = "insufficient_balance"
    kind = Kind.CONFLICT
    sentence = _("There is not enough money left for this. Look at the amount that remains and try again.")


def post(*, key: str, event: str, lines: Sequence[Line], trade: str, actor: Actor, at: datetime, note: str = "") -> Transfer:
    """Write one entry, once. The same key with the same lines answers with the first transfer; with others it is refused.

    One round trip: the database function checks the key, makes missing accounts, locks the guarded ones in order of id,
    refuses to overdraw, and writes. The balance of the whole is checked again by the database at commit.
    """
    moving = sorted(checked(lines), key=lambda line: line.account.code)  # one order for everybody who makes new accounts
    names = [line.account for line in moving]
    digest = body_hash(event=event, trade=trade, lines=moving)
    actor_name = f"{actor.kind}:{actor.reference}"[:80]
    with connection.cursor() as cursor:
        cursor.execute(
            POST,
            [
                key, event, at, trade, digest, actor_name, note,
                [name.code for name in names],
                [name.kind for name in names],
                [name.currency for name in names],
                [name.normal for name in names],
                [name.guarded for name in names],
                [line.amount_minor for line in moving],
            ],
        )  # fmt: skip
        transfer_id, outcome, detail = cursor.fetchone()
    if outcome == "short":
        raise InsufficientBalance(account=detail)
    if outcome == "replayed" and detail != digest:
        raise KeyConflict(key=key)
    if outcome == "replayed":
        return Transfer.objects.get(pk=transfer_id)
    return Transfer.from_db(
        connection.alias,
        ["id", "key", "event", "at", "trade", "body_hash", "actor", "note"],
        [transfer_id, key, event, at, trade, digest, actor_name, note],
    )
