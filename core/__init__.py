"""The ground floor: money, states, errors, locks, jobs, clock, audit, idempotency, references.

Owns what at least three packages need and what knows no business noun.
Never imports another package of the project.
Announces nothing.
"""
