"""The hand-over code: short enough to say across a counter, too rare to guess in five tries."""

import hashlib
import hmac

LETTERS = "23456789CFGHJMPQRVWX"  # no vowels, nothing that looks like something else
LENGTH = 6
ATTEMPTS = 5
PREFIX = "SOUK:"  # what the QR carries, so that a scanner app can tell it from other codes


def derive(*, secret: str, pickup: str, generation: int) -> str:
    """The code of a pickup: the same whenever the buyer looks, unknowable without the installation's secret."""
    digest = hmac.new(secret.encode(), f"pickup:{pickup}:{generation}".encode(), hashlib.sha256).digest()
    number = int.from_bytes(digest[:16], "big")
    letters = []
    for _ in range(LENGTH):
        number, index = divmod(number, len(LETTERS))
        letters.append(LETTERS[index])
    return "".join(letters)


def tidy(text: str) -> str:
    upper = text.strip().upper().removeprefix(PREFIX)
    return "".join(character for character in upper if character in LETTERS)


def shown(code: str) -> str:
    half = LENGTH // 2
    return f"{code[:half]} {code[half:]}"


def digest(*, code: str, pickup: str) -> str:
    """Bound to its pickup: the same code of another order is another digest."""
    return hashlib.sha256(f"{pickup}:{tidy(code)}".encode()).hexdigest()


def matches(*, code: str, pickup: str, expected: str) -> bool:
    return hmac.compare_digest(digest(code=code, pickup=pickup), expected)
