"""Retention: drops what core itself keeps only for a while.

Owns the jobs that forget old answers to repeated requests and worn-out rows of the queue. What holds business facts (audit, ledger) is never touched.
Announces nothing.
"""
