"""Writing to the book: one verb, for one entry or for many."""

import json
from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.errors import Kind, Refusal
from core.locks import refusing_to_wait
from core.sql import fetch
from escrow.ledger.accounts import AccountName
from escrow.ledger.entries import Draft, Line, body_hash, checked, credit, debit
from escrow.ledger.models import Account, Transfer

__all__ = ["Draft", "InsufficientBalance", "KeyConflict", "Line", "credit", "debit", "lock", "post", "post_many"]


class KeyConflict(Refusal):
    code = "ledger_key_conflict"
    kind = Kind.CONFLICT
    sentence = _("This has been recorded before, with other figures. Nothing was changed.")


class InsufficientBalance(Refusal):
    code = "insufficient_balance"
    kind = Kind.CONFLICT
    sentence = _("There is not enough money left for this. Look at the amount that remains and try again.")


def post(*, key: str, event: str, lines: Sequence[Line], trade: str, actor: Actor, at: datetime, note: str = "") -> Transfer:
    """Write one entry, once. The same key with the same lines answers with the first transfer; with others it is refused."""
    draft = Draft(key=key, event=event, lines=tuple(lines), trade=trade, note=note)
    return post_many([draft], actor=actor, at=at)[0]


def post_many(drafts: Sequence[Draft], *, actor: Actor, at: datetime) -> list[Transfer]:
    """Write entries in one round trip; all of them or, by the refusal, none.

    The database function makes missing accounts, locks the guarded ones in one order for everybody, answers a repeated key
    with what it wrote before, and refuses to overdraw. At commit the database checks once more that every entry balances.
    """
    if not drafts:
        return []
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An entry is written in the transaction of the fact that it books.")
    moving = [checked(draft.lines) for draft in drafts]
    hashes = [body_hash(event=draft.event, trade=draft.trade, lines=lines) for draft, lines in zip(drafts, moving, strict=True)]
    bodies = [_body(draft, lines, digest, actor, at) for draft, lines, digest in zip(drafts, moving, hashes, strict=True)]
    with refusing_to_wait():
        answers = fetch("SELECT transfer_id, outcome, detail FROM escrow_post(%s::jsonb)", [json.dumps(bodies)])
    if answers[-1][1] == "short":
        raise InsufficientBalance(account=answers[-1][2])
    for draft, digest, (_id, outcome, detail) in zip(drafts, hashes, answers, strict=True):
        if outcome == "replayed" and detail != digest:
            raise KeyConflict(key=draft.key)
    return [_transfer(body, answer[0]) for body, answer in zip(bodies, answers, strict=True)]


def lock(*names: AccountName) -> dict[str, int]:
    """What lies in these guarded accounts, by code, and nobody moves it until the transaction ends. Locked in the order in which `post` locks."""
    with refusing_to_wait():
        rows = Account.objects.filter(code__in=[name.code for name in names]).order_by("code").select_for_update(no_key=True)
        there = {row.code: row.balance_minor for row in rows}
    return {name.code: there.get(name.code, 0) for name in names}


def _body(draft: Draft, lines: Sequence[Line], digest: str, actor: Actor, at: datetime) -> dict[str, object]:
    return {
        "key": draft.key,
        "event": draft.event,
        "at": at.isoformat(),
        "trade": draft.trade,
        "hash": digest,
        "actor": str(actor)[:80],
        "note": draft.note,
        "lines": [[name.code, name.kind, name.currency, name.normal, name.guarded, line.amount_minor] for line in lines for name in (line.account,)],
    }


def _transfer(body: dict[str, object], transfer_id: int) -> Transfer:
    """The row as it was written, without reading it back."""
    names = ("key", "event", "trade", "actor", "note")
    values = [transfer_id, *(body[name] for name in names), body["hash"], datetime.fromisoformat(str(body["at"]))]
    return Transfer.from_db(connection.alias, ["id", *names, "body_hash", "at"], values)
