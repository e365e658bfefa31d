"""What a category asks about a thing, and whether an answer fits. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

LONGEST_TEXT = 120
LARGEST_NUMBER = Decimal(10) ** 12

Answer = str | bool


@dataclass(frozen=True)
class Choice:
    code: str
    labels: Mapping[str, str]

    def label(self, language: str) -> str:
        return self.labels.get(language) or self.labels.get("en") or self.code


@dataclass(frozen=True)
class Attribute:
    code: str
    labels: Mapping[str, str]
    kind: str
    choices: tuple[Choice, ...] = ()
    unit: str = ""
    required: bool = False
    filterable: bool = False

    def label(self, language: str) -> str:
        return self.labels.get(language) or self.labels.get("en") or self.code

    def shown(self, answer: Answer, language: str, *, yes: str = "Yes", no: str = "No") -> str:
        """The answer in words, as a page prints it."""
        if isinstance(answer, bool):
            return yes if answer else no
        if self.kind == "choice":
            return next((choice.label(language) for choice in self.choices if choice.code == answer), answer)
        return f"{answer} {self.unit}".strip() if self.kind == "number" else answer


@dataclass(frozen=True)
class Misfit:
    """An answer that does not fit: which attribute, and why, in a word the caller translates."""

    code: str
    why: str  # unknown | text | too_long | number | choice | yes_no | missing


def _text(answer: object) -> str:
    if not isinstance(answer, str):
        raise ValueError("text")
    words = " ".join(answer.split())
    if len(words) > LONGEST_TEXT:
        raise ValueError("too_long")
    if "\x00" in words:
        raise ValueError("text")
    return words


def _number(answer: object) -> str:
    if isinstance(answer, bool) or not isinstance(answer, (str, int, float, Decimal)):
        raise ValueError("number")
    if isinstance(answer, str) and len(answer) > 40:
        raise ValueError("number")
    try:
        number = Decimal(str(answer).strip())
    except InvalidOperation:
        raise ValueError("number") from None
    if not number.is_finite() or abs(number) > LARGEST_NUMBER or number < 0:
        raise ValueError("number")
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -6:
        raise ValueError("number")
    plain = f"{number:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _yes_no(answer: object) -> bool:
    if isinstance(answer, bool):
        return answer
    known = {"yes": True, "true": True, "no": False, "false": False}
    if isinstance(answer, str) and answer.lower() in known:
        return known[answer.lower()]
    raise ValueError("yes_no")


def fit(attribute: Attribute, answer: object) -> Answer:
    """The answer in its one stored form; ValueError(why) when it cannot be that."""
    if attribute.kind == "choice":
        if not isinstance(answer, str) or answer not in {choice.code for choice in attribute.choices}:
            raise ValueError("choice")
        return answer
    if attribute.kind == "number":
        return _number(answer)
    if attribute.kind == "yes_no":
        return _yes_no(answer)
    return _text(answer)


def is_blank(answer: object) -> bool:
    return answer is None or (isinstance(answer, str) and not answer.strip())


def clean(attributes: Sequence[Attribute], answers: Mapping[str, object]) -> tuple[dict[str, Answer], list[Misfit]]:
    """The answers that fit, and what is wrong with the others. Blank answers are simply left out."""
    known = {attribute.code: attribute for attribute in attributes}
    fitting: dict[str, Answer] = {}
    misfits: list[Misfit] = []
    for code, answer in answers.items():
        if is_blank(answer):
            continue
        if code not in known:
            misfits.append(Misfit(code, "unknown"))
            continue
        try:
            fitting[code] = fit(known[code], answer)
        except ValueError as reason:
            misfits.append(Misfit(code, str(reason)))
    return fitting, misfits


def missing(attributes: Sequence[Attribute], answers: Mapping[str, object]) -> list[Misfit]:
    return [Misfit(attribute.code, "missing") for attribute in attributes if attribute.required and is_blank(answers.get(attribute.code))]
