"""Every recurring job of Souk, in one table: when (cron), and which."""

SCHEDULE: list[tuple[str, str]] = [
    # ("* * * * *", "escrow.holds.jobs.move_due_holds"),
]
