"""The hand-over code survives people and refuses strangers."""

from hypothesis import given
from hypothesis import strategies as st

from marketplace.fulfilment.kinds.pickup import code


def test_code_matches_however_it_is_typed() -> None:
    new = code.derive(secret="s", pickup="ABC", generation=1)
    expected = code.digest(code=new, pickup="ABC")
    for typed in (new, new.lower(), code.shown(new), f"  {new} ", code.PREFIX + new):
        assert code.matches(code=typed, pickup="ABC", expected=expected)


def test_code_of_another_pickup_does_not_match() -> None:
    new = code.derive(secret="s", pickup="ABC", generation=1)
    assert not code.matches(code=new, pickup="XYZ", expected=code.digest(code=new, pickup="ABC"))


@given(st.text())
def test_any_text_is_refused(text: str) -> None:
    expected = code.digest(code="CFGHJM", pickup="ABC")
    assert code.matches(code=text, pickup="ABC", expected=expected) == (code.tidy(text) == "CFGHJM")


@given(st.text(min_size=1), st.integers(1, 50))
def test_derive_gives_a_typeable_code_that_is_new_per_generation(secret: str, generation: int) -> None:
    first = code.derive(secret=secret, pickup="ABC", generation=generation)
    assert code.tidy(first) == first
    assert len(first) == code.LENGTH
    assert first == code.derive(secret=secret, pickup="ABC", generation=generation)
    assert first != code.derive(secret=secret, pickup="ABC", generation=generation + 1)
