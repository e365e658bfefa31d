import pytest
from django.db.models import TextChoices

from core.states import Flow, Move, MoveNotAllowed, Waiting, check


class Door(TextChoices):
    OPEN = "open", "Open"
    SHUT = "shut", "Shut"
    GONE = "gone", "Gone"


GOOD = Flow(
    name="door",
    states=Door,
    initial=Door.OPEN,
    moves=[Move("shut", Door.OPEN, Door.SHUT, by=("buyer",)), Move("remove", (Door.OPEN, Door.SHUT), Door.GONE, by=("system",), timer="due")],
    waiting={Door.OPEN: Waiting("buyer", "due", "remove"), Door.SHUT: Waiting("system", "due", "remove")},
    final=frozenset({Door.GONE}),
    holds_money=frozenset({Door.OPEN, Door.SHUT}),
)


def broken(**change: object) -> Flow:
    return Flow(**{**GOOD.__dict__, **change})  # type: ignore[arg-type]


def test_check_passes_a_whole_table() -> None:
    assert check(GOOD) == []


@pytest.mark.parametrize(
    ("flow", "complaint"),
    [
        (broken(moves=GOOD.moves[:1]), "'shut' never ends"),
        (broken(moves=GOOD.moves[1:]), "'shut' cannot be reached"),
        (broken(waiting={Door.SHUT: GOOD.waiting[Door.SHUT]}), "'open' waits for nobody"),
        (broken(waiting={**GOOD.waiting, Door.OPEN: Waiting("buyer", "due", "explode")}), "unknown move 'explode'"),
        (broken(waiting={**GOOD.waiting, Door.OPEN: Waiting("buyer")}), "money could wait in 'open' for ever"),
        (broken(waiting={**GOOD.waiting, Door.OPEN: Waiting("buyer", "due")}), "decides nothing"),
        (broken(holds_money=frozenset(Door)), "still holds money"),
        (broken(moves=[*GOOD.moves, Move("back", Door.GONE, Door.OPEN, by=("staff",))]), "has a way out"),
        (broken(moves=[*GOOD.moves, Move("kick", Door.OPEN, Door.SHUT, by=("cat",))]), "unknown party 'cat'"),
    ],
)
def test_check_names_the_defect(flow: Flow, complaint: str) -> None:
    assert any(complaint in sentence for sentence in check(flow))


def test_target_refuses_other_parties_and_states() -> None:
    assert GOOD.target(Door.OPEN, "shut", by="buyer") == Door.SHUT
    with pytest.raises(MoveNotAllowed):
        GOOD.target(Door.OPEN, "shut", by="seller")
    with pytest.raises(MoveNotAllowed):
        GOOD.target(Door.SHUT, "shut")
