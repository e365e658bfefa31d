"""A dispute from its claim to its appeal: who may do what when, what silence does, and where the money goes."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction
from PIL import Image

from core.actors import Actor
from core.errors import Busy, Invalid, Refusal
from core.money import Money
from core.states import MoveNotAllowed
from escrow.disputes import clocks, evidence, operations, queries, rulings, signals, sweep
from escrow.disputes.models import Dispute, Exhibit, Ruling
from escrow.disputes.states import State
from escrow.holds import operations as holds
from escrow.holds import sweep as holds_sweep
from escrow.holds.models import Hold
from escrow.ledger import accounts
from escrow.ledger import queries as ledger
from tests.escrow.holds.conftest import BUYER, PARTS, SELLER, STAFF, Maker

SECOND, THIRD = Actor("staff", "STAFFUSER002"), Actor("staff", "STAFFUSER003")
GROSS = sum(part.gross_minor for part in PARTS)
HOUR = timedelta(hours=1)


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


@pytest.fixture
def dispute(maker: Maker) -> Dispute:
    return Dispute.objects.select_related("hold").get(hold=maker.disputed())


@pytest.fixture
def at_the_desk(dispute: Dispute, at: datetime) -> Dispute:
    operations.escalate(dispute=dispute, side="seller", at=at, actor=SELLER)
    return rulings.begin_deciding(dispute=dispute, by="staff", at=at, actor=STAFF)


def fresh(dispute: Dispute) -> Dispute:
    return Dispute.objects.select_related("hold").get(pk=dispute.pk)


def seller_has(hold: Hold) -> int:
    return ledger.balance(accounts.seller_payable(hold.seller, "EUR"))


# ── talks ─────────────────────────────────────────────────────────────────────────────────────────
def test_the_sellers_word_is_the_answer(dispute: Dispute, at: datetime) -> None:
    assert queries.next_step(dispute).who == "seller"  # type: ignore[union-attr]
    operations.write(dispute=dispute, side="seller", words="I am sorry.", at=at, actor=SELLER)
    assert fresh(dispute).state == State.TALKING


@pytest.mark.parametrize(("minor", "state"), [(0, "released"), (4_000, "divided"), (GROSS, "refunded")])
def test_an_accepted_proposal_divides_at_once(dispute: Dispute, at: datetime, minor: int, state: str) -> None:
    operations.propose(dispute=dispute, side="seller", to_buyer=euros(minor), at=at, actor=SELLER)
    with pytest.raises(operations.OwnProposal):
        operations.accept(dispute=dispute, side="seller", at=at, actor=SELLER)
    operations.accept(dispute=dispute, side="buyer", at=at, actor=BUYER)
    hold = fresh(dispute).hold
    assert (hold.state, hold.refunded_minor, hold.released_minor) == (state, minor, GROSS - minor)
    fee = sum(part.charged_commission_minor + part.charged_tax_minor for part in hold.parts.all())
    assert seller_has(hold) == GROSS - minor - fee
    assert (fresh(dispute).state, fresh(dispute).ending) == ("closed", "agreed")


def test_a_counter_takes_the_place_of_what_was_open(dispute: Dispute, at: datetime) -> None:
    operations.propose(dispute=dispute, side="buyer", to_buyer=euros(9_000), at=at, actor=BUYER)
    operations.propose(dispute=dispute, side="seller", to_buyer=euros(2_000), at=at, actor=SELLER)
    assert [one.state for one in dispute.proposals.all()] == ["countered", "open"]
    with pytest.raises(operations.NoOpenProposal):
        operations.accept(dispute=dispute, side="buyer", at=at + clocks.PROPOSAL, actor=BUYER)


@pytest.mark.parametrize("minor", [-1, GROSS + 1])
def test_refuses_amounts_that_are_not_there(dispute: Dispute, at: datetime, minor: int) -> None:
    with pytest.raises(Invalid):
        operations.propose(dispute=dispute, side="buyer", to_buyer=euros(minor), at=at, actor=BUYER)
    with pytest.raises(Invalid):
        operations.propose(dispute=dispute, side="buyer", to_buyer=Money(100, "USD"), at=at, actor=BUYER)


def test_the_buyer_waits_for_the_fourth_day_or_the_answer(dispute: Dispute, at: datetime) -> None:
    with pytest.raises(operations.TooEarly):
        operations.escalate(dispute=dispute, side="buyer", at=at + clocks.BUYER_MAY_ESCALATE - HOUR, actor=BUYER)
    operations.escalate(dispute=dispute, side="buyer", at=at + clocks.BUYER_MAY_ESCALATE, actor=BUYER)
    assert fresh(dispute).state == State.EVIDENCE


def test_a_silent_seller_and_endless_talks_go_to_the_desk(dispute: Dispute, maker: Maker, at: datetime) -> None:
    talking = Dispute.objects.get(hold=maker.disputed())
    operations.write(dispute=talking, side="seller", words="Let me see.", at=at, actor=SELLER)
    assert dispute.due_at is not None
    sweep.move_due(at=dispute.due_at)
    assert (fresh(dispute).state, fresh(talking).state) == (State.EVIDENCE, State.TALKING)
    sweep.move_due(at=at + clocks.TALKS)
    assert (fresh(dispute).state, fresh(talking).state) == (
        State.DECIDING if at + clocks.TALKS >= dispute.due_at + clocks.EVIDENCE else State.EVIDENCE,
        State.EVIDENCE,
    )


def test_withdrawing_lets_the_clock_run_on(dispute: Dispute, at: datetime) -> None:
    operations.withdraw(dispute=dispute, at=at, actor=BUYER)
    assert (fresh(dispute).ending, fresh(dispute).hold.state) == ("withdrawn", "delivered")


def test_confirming_the_goods_ends_it(dispute: Dispute, at: datetime) -> None:
    holds.confirm(hold=dispute.hold, at=at, actor=BUYER)
    assert (fresh(dispute).state, fresh(dispute).hold.state) == ("closed", "released")


# ── evidence ──────────────────────────────────────────────────────────────────────────────────────
def test_evidence_is_hashed_and_never_changes(dispute: Dispute, at: datetime) -> None:
    file = b"%PDF-1.4 a letter"
    piece = evidence.show(dispute=dispute, side="buyer", title="Letter", file=file, file_name='../"x.pdf', at=at, actor=BUYER)
    assert (piece.sha256, piece.media_type, piece.file_name) == (hashlib.sha256(file).hexdigest(), "application/pdf", "..x.pdf")
    assert evidence.content(piece) == file
    with pytest.raises(DatabaseError), transaction.atomic():
        Exhibit.objects.filter(pk=piece.pk).update(title="Another")


@pytest.mark.parametrize(("form", "kind"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
def test_pictures_are_kept_without_what_the_camera_wrote(dispute: Dispute, at: datetime, form: str, kind: str) -> None:
    """The place, the camera, and which way is up: applied, then gone. The hash is of what is kept."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "SecretCamera", 6  # who made it; lying on its side
    exif.get_ifd(0x8825)[1] = "N"  # where it was taken
    raw = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(raw, form, exif=exif)
    assert b"SecretCamera" in raw.getvalue()
    piece = evidence.show(dispute=dispute, side="buyer", title="Photo", file=raw.getvalue(), file_name="a.gif", at=at, actor=BUYER)
    kept = evidence.content(piece)
    assert (piece.media_type, piece.size, piece.sha256) == (kind, len(kept), hashlib.sha256(kept).hexdigest())
    assert b"SecretCamera" not in kept
    shown = Image.open(io.BytesIO(kept))
    assert (shown.format, shown.size, dict(shown.getexif())) == (form, (20, 40), {})


@pytest.mark.parametrize("file", [b"<svg xmlns='x'/>", b"MZ", b"%PDF-" + b"0" * evidence.LARGEST, b"\xff\xd8\xff\xe0 no picture", b"GIF89a"])
def test_refuses_files_that_are_none(dispute: Dispute, at: datetime, file: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        evidence.show(dispute=dispute, side="buyer", title="x", file=file, at=at, actor=BUYER)
    assert refused.value.field == "file"


def test_facts_are_recorded_once(dispute: Dispute, at: datetime) -> None:
    def told(**_rest: Any) -> list[tuple[str, str]]:
        return [("Tracking", "delivered")]

    signals.facts_wanted.connect(told)
    try:
        evidence.record_facts(dispute=dispute, at=at)
        evidence.record_facts(dispute=dispute, at=at)
    finally:
        signals.facts_wanted.disconnect(told)
    assert [piece.title for piece in dispute.exhibits.filter(side="system") if piece.words == "delivered"] == ["Tracking"]


# ── the desk ──────────────────────────────────────────────────────────────────────────────────────
def test_a_ruling_stands_still_then_divides_by_line(at_the_desk: Dispute, at: datetime) -> None:
    rulings.rule(dispute=at_the_desk, to_buyer={"LINE1": 5_000, "delivery": 490}, reason="Half is broken.", at=at, actor=STAFF)
    assert fresh(at_the_desk).hold.state == "disputed"
    sweep.move_due(at=at + clocks.STANDSTILL)
    hold = fresh(at_the_desk).hold
    assert (hold.state, hold.refunded_minor) == ("divided", 5_490)
    assert {part.line: part.refunded_minor for part in hold.parts.all()} == {"LINE1": 5_000, "LINE2": 0, "delivery": 490}


def test_the_loser_may_let_it_happen_at_once(at_the_desk: Dispute, at: datetime) -> None:
    rulings.rule(dispute=at_the_desk, to_buyer=euros(GROSS), reason="Never sent.", at=at, actor=STAFF)
    with pytest.raises(Invalid):
        rulings.accept_ruling(dispute=at_the_desk, side="buyer", at=at, actor=BUYER)
    rulings.accept_ruling(dispute=at_the_desk, side="seller", at=at, actor=SELLER)
    assert fresh(at_the_desk).hold.state == "refunded"


def test_one_appeal_decided_by_somebody_else(at_the_desk: Dispute, at: datetime) -> None:
    rulings.rule(dispute=at_the_desk, to_buyer=euros(0), reason="As described.", at=at, actor=STAFF)
    with pytest.raises(Invalid):
        rulings.appeal(dispute=at_the_desk, side="buyer", words="  ", at=at, actor=BUYER)
    rulings.appeal(dispute=at_the_desk, side="buyer", words="Here is the expert's letter.", at=at, actor=BUYER)
    sweep.move_due(at=at + clocks.STANDSTILL * 2)
    assert fresh(at_the_desk).state == State.APPEALED
    with pytest.raises(rulings.SamePerson):
        rulings.rule(dispute=at_the_desk, to_buyer=euros(GROSS), reason="The letter.", at=at, actor=STAFF)
    rulings.rule(dispute=at_the_desk, to_buyer=euros(GROSS), reason="The letter.", at=at, actor=SECOND)
    assert (fresh(at_the_desk).state, fresh(at_the_desk).hold.state) == ("closed", "refunded")
    with pytest.raises((rulings.AppealedAlready, MoveNotAllowed)):
        rulings.appeal(dispute=at_the_desk, side="seller", words="But.", at=at, actor=SELLER)


def test_large_sums_need_a_second_person(at_the_desk: Dispute, at: datetime, settings: Any) -> None:
    settings.RULING_LIMIT = "100"
    rulings.rule(dispute=at_the_desk, to_buyer=euros(1_000), reason="A scratch.", at=at, actor=STAFF)
    assert fresh(at_the_desk).state == State.CHECKING
    assert queries.rulings_for_parties(fresh(at_the_desk)) == []
    with pytest.raises(rulings.SamePerson):
        rulings.approve(dispute=at_the_desk, at=at, actor=STAFF)
    rulings.send_back(dispute=at_the_desk, words="Look at the photo.", at=at, actor=SECOND)
    rulings.rule(dispute=at_the_desk, to_buyer=euros(2_000), reason="A deep scratch.", at=at, actor=STAFF)
    rulings.approve(dispute=at_the_desk, at=at, actor=SECOND)
    with pytest.raises(DatabaseError), transaction.atomic():
        Ruling.objects.filter(dispute=at_the_desk).update(to_buyer_minor=9)
    sweep.move_due(at=at + clocks.STANDSTILL)
    assert fresh(at_the_desk).hold.refunded_minor == 2_000


def test_goods_go_back_before_the_money(at_the_desk: Dispute, at: datetime) -> None:
    rulings.rule(dispute=at_the_desk, to_buyer=euros(GROSS), must_return=True, reason="Send it back.", at=at, actor=STAFF)
    sweep.move_due(at=at + clocks.STANDSTILL)
    assert (fresh(at_the_desk).state, fresh(at_the_desk).hold.state) == (State.RETURNING, "disputed")
    rulings.ship_back(dispute=at_the_desk, carrier="sandbox", tracking="BACK1", at=at + clocks.STANDSTILL, actor=BUYER)
    rulings.arrive(dispute=at_the_desk, by="seller", at=at + clocks.STANDSTILL, actor=SELLER)
    assert fresh(at_the_desk).hold.state == "refunded"


@pytest.mark.parametrize(("sends", "state"), [(False, "released"), (True, "refunded")])
def test_silence_decides_a_return(at_the_desk: Dispute, at: datetime, sends: bool, state: str) -> None:
    rulings.rule(dispute=at_the_desk, to_buyer=euros(GROSS), must_return=True, reason="Send it back.", at=at, actor=STAFF)
    later = at + clocks.STANDSTILL
    sweep.move_due(at=later)
    if sends:
        rulings.ship_back(dispute=at_the_desk, carrier="x", tracking="BACK1", at=later, actor=BUYER)
    sweep.move_due(at=later + clocks.SHIP_BACK)
    assert (fresh(at_the_desk).state, fresh(at_the_desk).hold.state) == ("closed", state)


def test_a_silent_desk_is_decided_by_the_hold(at_the_desk: Dispute, at: datetime) -> None:
    holds_sweep.move_due(at=at + timedelta(days=61))
    assert (fresh(at_the_desk).ending, fresh(at_the_desk).hold.state) == ("silence", "released")


def test_a_banks_case_stops_everything(at_the_desk: Dispute, at: datetime) -> None:
    rulings.rule(dispute=at_the_desk, to_buyer=euros(0), reason="As described.", at=at, actor=STAFF)
    Hold.objects.filter(pk=at_the_desk.hold_id).update(chargeback_open=True)
    sweep.move_due(at=at + clocks.STANDSTILL)
    with pytest.raises(Refusal):
        rulings.accept_ruling(dispute=at_the_desk, side="buyer", at=at, actor=BUYER)
    assert fresh(at_the_desk).state == State.RULED
    Hold.objects.filter(pk=at_the_desk.hold_id).update(chargeback_open=False)


def test_only_our_people_decide(at_the_desk: Dispute, at: datetime) -> None:
    with pytest.raises(Refusal):
        rulings.rule(dispute=at_the_desk, to_buyer=euros(0), reason="Mine.", at=at, actor=SELLER)


def test_everybody_at_once_ends_once(maker: Maker, at: datetime) -> None:
    """Acceptance, ruling, withdrawal and the clock at the same time: one end, and every cent somewhere."""
    for _round in range(3):
        dispute = Dispute.objects.select_related("hold").get(hold=maker.disputed())
        operations.propose(dispute=dispute, side="seller", to_buyer=euros(3_000), at=at, actor=SELLER)
        operations.escalate(dispute=dispute, side="seller", at=at, actor=SELLER)
        rulings.begin_deciding(dispute=dispute, by="staff", at=at, actor=STAFF)
        work: list[Callable[[], object]] = [
            lambda d=dispute: operations.accept(dispute=d, side="buyer", at=at, actor=BUYER),
            lambda d=dispute: operations.withdraw(dispute=d, at=at, actor=BUYER),
            lambda d=dispute: holds.confirm(hold=d.hold, at=at, actor=BUYER),
            lambda: holds_sweep.move_due(at=at + timedelta(days=61)),
        ]
        with ThreadPoolExecutor(len(work)) as pool:
            list(pool.map(_alone, work))
        assert fresh(dispute).state == State.CLOSED or fresh(dispute).hold.state == "delivered"
        hold = fresh(dispute).hold
        assert hold.left_minor == 0 or hold.state == "delivered"


def test_two_arbiters_at_once_rule_once(at_the_desk: Dispute, at: datetime) -> None:
    said = [(1_000, STAFF), (2_000, SECOND), (3_000, THIRD)]
    work = [lambda m=minor, who=actor: rulings.rule(dispute=at_the_desk, to_buyer=euros(m), reason="So.", at=at, actor=who) for minor, actor in said]
    with ThreadPoolExecutor(len(work)) as pool:
        list(pool.map(_alone, work))
    assert [ruling.to_buyer_minor for ruling in Ruling.objects.filter(dispute=at_the_desk)] in ([1_000], [2_000], [3_000])


def _alone(work: Callable[[], object]) -> None:
    try:
        work()
    except (Refusal, Busy):
        pass
    finally:
        connections.close_all()
