"""A process full of buyers: `python -m tests.races.buyers DATABASE`, checkouts on stdin, their answers on stdout."""

from __future__ import annotations

import json
import os
import sys
import threading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
os.environ.setdefault("SOUK_TESTING", "1")


def main(database: str) -> None:
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    waiting: list[str] = json.loads(sys.stdin.readline())
    answers: list[str] = []
    gate = threading.Barrier(len(waiting) + 1)
    threads = [threading.Thread(target=_buy, args=(reference, gate, answers)) for reference in waiting]
    for thread in threads:
        thread.start()
    print("ready", flush=True)
    sys.stdin.readline()
    gate.wait(30)
    for thread in threads:
        thread.join(100)
    print(json.dumps(answers), flush=True)


def _buy(reference: str, gate: threading.Barrier, answers: list[str]) -> None:
    """As the door does: no trust in what was read before the gun."""
    from django.db import connection

    from core import clock
    from core.errors import Refusal
    from marketplace.checkout import operations
    from marketplace.checkout.models import Checkout
    from tests.factories.trade import actor_of, typed

    try:
        checkout = Checkout.objects.select_related("cart__user", "user").get(reference=reference)
        said, actor, at = typed(checkout.cart), actor_of(checkout.cart), clock.now()
        gate.wait(30)
        operations.place(checkout=checkout, details=said, shown_total_minor=5190, return_url="/", actor=actor, at=at)
        answers.append("placed")
    except Refusal as refusal:
        answers.append(refusal.code)
    except Exception as error:
        answers.append(repr(error))
    finally:
        connection.close()


if __name__ == "__main__":
    main(sys.argv[1])
