"""Background entry points of this room."""

from core import idempotency
from core.jobs import forget_finished, job


@job()
def forget_old_answers() -> None:
    """Answers to an Idempotency-Key are kept for 30 days."""
    idempotency.forget_old()


@job()
def forget_finished_jobs() -> None:
    """Cancelled jobs and the marks of the clock; failed jobs stay until somebody looks at them."""
    forget_finished()
