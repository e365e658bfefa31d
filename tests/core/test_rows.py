"""A row and its twin."""

import pytest
from django.db import IntegrityError, transaction

from accounts.parties.models import Party, PartyKind
from core import clock, rows

pytestmark = pytest.mark.django_db


def guest() -> Party:
    return Party(kind=PartyKind.GUEST, email="amina@example.com", label="Amina", created_at=clock.now())


def test_a_new_row_is_there_and_knows_its_key() -> None:
    party = guest()
    assert rows.insert_once(party)
    assert Party.objects.get(pk=party.pk).label == "Amina"
    party.label = "Amina R."
    party.save()
    assert Party.objects.get().label == "Amina R."


def test_a_twin_changes_nothing_and_spoils_no_transaction() -> None:
    assert rows.insert_once(guest())
    assert not rows.insert_once(guest())
    assert Party.objects.count() == 1


def test_a_row_that_breaks_a_rule_is_no_twin() -> None:
    party = guest()
    party.email = ""
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert_once(party)
