import threading

import pytest
from django.db import connection

from core import idempotency, references
from core.idempotency import KeyReused
from core.models import IdempotencyRecord

pytestmark = pytest.mark.django_db(transaction=True)


def test_run_repeats_the_answer_not_the_effect() -> None:
    effects: list[int] = []

    def effect() -> dict[str, int]:
        effects.append(1)
        return {"count": len(effects)}

    first = idempotency.run(scope="user:A", key="k", fingerprint="f", effect=effect)
    again = idempotency.run(scope="user:A", key="k", fingerprint="f", effect=effect)
    assert (first.answer, first.replayed, again.answer, again.replayed) == ({"count": 1}, False, {"count": 1}, True)
    assert idempotency.run(scope="user:B", key="k", fingerprint="f", effect=effect).answer == {"count": 2}


def test_run_refuses_the_key_for_another_request() -> None:
    idempotency.run(scope="s", key="k", fingerprint="f", effect=dict)
    with pytest.raises(KeyReused):
        idempotency.run(scope="s", key="k", fingerprint="other", effect=dict)


def test_run_forgets_a_failed_effect() -> None:
    def explode() -> dict[str, int]:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        idempotency.run(scope="s", key="k", fingerprint="f", effect=explode)
    assert idempotency.run(scope="s", key="k", fingerprint="f", effect=lambda: {"a": 1}).answer == {"a": 1}


def test_run_twenty_times_at_once_has_one_effect() -> None:
    key, answers, gate = references.new(), [], threading.Barrier(20)

    def effect() -> dict[str, str]:
        return {"reference": references.new()}

    def knock() -> None:
        gate.wait()
        try:
            answers.append(idempotency.run(scope="s", key=key, fingerprint="f", effect=effect).answer["reference"])
        finally:
            connection.close()

    threads = [threading.Thread(target=knock) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 20
    assert len(set(answers)) == 1
    assert IdempotencyRecord.objects.filter(key=key).count() == 1
