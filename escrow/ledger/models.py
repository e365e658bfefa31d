"""The tables of the book. Their guards (immutable, balanced, never negative) live in the database: see the migration `ledger_guards`."""

from django.db import models
from django.db.models.functions import Now


class Account(models.Model):
    class Kind(models.TextChoices):
        ASSET = "asset"
        LIABILITY = "liability"
        INCOME = "income"
        EXPENSE = "expense"
        CONTROL = "control"
        MEMO = "memo"
        POINTS = "points"

    code = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind)
    currency = models.CharField(max_length=3)
    normal = models.SmallIntegerField()
    keeps_balance = models.BooleanField(default=False)
    guarded = models.BooleanField(default=False)
    balance_minor = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("code",), name="account_code_once"),  # not unique=True: that adds a second index for LIKE
            models.CheckConstraint(condition=models.Q(normal__in=(-1, 1)), name="account_normal_is_a_side"),
            models.CheckConstraint(condition=models.Q(guarded=False) | models.Q(keeps_balance=True), name="account_guarded_keeps_balance"),
            models.CheckConstraint(condition=models.Q(guarded=False) | models.Q(balance_minor__gte=0), name="account_never_negative"),
            models.CheckConstraint(condition=models.Q(keeps_balance=True) | models.Q(balance_minor=0), name="account_keeps_only_if_asked"),
            models.UniqueConstraint(fields=("id", "currency"), name="account_has_one_currency"),
        ]

    def __str__(self) -> str:
        return self.code


class Transfer(models.Model):
    """One business fact, written once: at least two postings that sum to zero per currency."""

    key = models.CharField(max_length=120)
    event = models.CharField(max_length=40)
    at = models.DateTimeField()
    written_at = models.DateTimeField(db_default=Now())
    trade = models.CharField(max_length=12, blank=True)
    body_hash = models.CharField(max_length=64)
    actor = models.CharField(max_length=80)
    note = models.CharField(max_length=200, blank=True)
    # The database transaction that wrote it; the trigger fills it. Postings may join a transfer only in that transaction.
    xact = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("key",), name="transfer_key_once")]
        indexes = [
            models.Index(fields=("event", "-id"), name="transfer_by_event"),
            models.Index(fields=("trade",), condition=~models.Q(trade=""), name="transfer_by_trade"),
        ]

    def __str__(self) -> str:
        return self.key


class Posting(models.Model):
    """One line of a transfer. A debit is positive, a credit negative."""

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="postings")
    # The real foreign key is (account, currency): a posting in another currency than its account's cannot be written.
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="postings", db_constraint=False, db_index=False)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount_minor=0), name="posting_moves_something"),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=-(10**15), amount_minor__lt=10**15), name="posting_is_believable"),
        ]
        indexes = [models.Index(fields=("account", "id"), name="posting_by_account")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.amount_minor} {self.currency}"


class Seal(models.Model):
    """The link of a transfer in the chain of sealed history: sha256(previous digest, canonical transfer)."""

    transfer = models.OneToOneField(Transfer, on_delete=models.PROTECT, related_name="seal")
    sequence = models.BigIntegerField(unique=True)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.sequence} {self.digest[:12]}"


class LedgerProof(models.Model):
    """One run of every check over the book by the clockwork: when, how long, and what it found."""

    at = models.DateTimeField()
    took_ms = models.PositiveIntegerField()
    violations = models.PositiveIntegerField()
    words = models.JSONField(default=list)  # the first twenty

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.violations} violations"
