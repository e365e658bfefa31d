from hypothesis import given
from hypothesis import strategies as st

from marketplace.orders.numbers import MODULUS, number_of, row_id_of


@given(st.integers(1, MODULUS - 1))
def test_number_leads_back_to_its_row(row_id: int) -> None:
    assert row_id_of(number_of(row_id)) == row_id


@given(st.text())
def test_row_id_of_any_text_is_a_row_or_nothing(text: str) -> None:
    found = row_id_of(text)
    assert found is None or 0 < found < MODULUS
