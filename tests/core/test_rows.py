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


def test_many_rows_learn_their_keys_in_order() -> None:
    parties = [guest() for _ in range(3)]
    for number, party in enumerate(parties):
        party.email = f"guest{number}@example.com"
    rows.insert_many(parties)
    assert [Party.objects.get(pk=party.pk).email for party in parties] == [party.email for party in parties]
    assert rows.insert_many([]) == []


def test_a_broken_rule_is_said_when_a_row_is_inserted() -> None:
    rows.insert(guest())
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert(guest())


def test_an_update_touches_its_columns_and_no_others() -> None:
    party = rows.insert(guest())
    Party.objects.filter(pk=party.pk).update(email="new@example.com")
    assert rows.update(party, label="Amina R.")
    assert (party.label, Party.objects.get().label, Party.objects.get().email) == ("Amina R.", "Amina R.", "new@example.com")


def test_a_guarded_update_leaves_a_row_that_has_moved_on() -> None:
    party = rows.insert(guest())
    Party.objects.filter(pk=party.pk).update(label="Somebody else")
    assert not rows.update(party, where={"label": "Amina"}, label="Amina R.")
    assert (party.label, Party.objects.get().label) == ("Amina", "Somebody else")
