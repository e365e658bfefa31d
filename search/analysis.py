"""From text to tokens, once, for every engine. Pure.

Both engines get space-separated tokens on whitespace fields: no default analyser of either finds 沙发 inside 红色真皮沙发.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from threading import local

from opencc import OpenCC

from search.synonyms import GROUPS, REGIONAL

TOKEN_LIMIT = 64
TERMS_LIMIT = 32
EMPTY = "∅"  # an empty field is padded with one token, else the engines count average field lengths differently

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_DENSE = _HAN + "\u3040-\u30ff\uac00-\ud7af"  # scripts written without spaces, or nearly so
_RUNS = re.compile(rf"(?P<dense>[{_DENSE}]+)|(?P<number>\d+(?:[.,]\d+)+)|(?P<word>(?:(?![{_DENSE}])[^\W_])+)")
_HAS_HAN = re.compile(f"[{_HAN}]")
_ACCENTS = re.compile("[\u0300-\u036f]")
_APOSTROPHE = re.compile(r"(?<=\w)['’ʼ](?=\w)")
_PARTS = re.compile(r"\d+|[^\d]+")
_ENGLISH = re.compile(r"[a-z]{3,}\Z")
_PARTICLES = re.compile("[的了和与及]")
_REGIONAL = re.compile("|".join(sorted(map(re.escape, REGIONAL), key=len, reverse=True)))
STOP_WORDS = frozenset(["a", "an", "and", "at", "by", "for", "from", "in", "is", "it", "of", "on", "or", "that", "the", "this", "to", "with"])

_per_thread = local()  # neither the converter nor the stemmer promises to be shared between threads


def fold(text: str) -> str:
    """One form of everything that looks or reads alike: width, case, accents, Traditional characters, regional words."""
    text = unicodedata.normalize("NFKC", text).casefold()
    if text.isascii():
        return _APOSTROPHE.sub("", text)
    text = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))
    if _HAS_HAN.search(text):
        text = _REGIONAL.sub(lambda found: REGIONAL[found.group()], _simplified(text))
    return _APOSTROPHE.sub("", text)


def index_tokens(text: str) -> list[str]:
    """Every token a text can be found by."""
    tokens: list[str] = []
    for kind, run in _runs(fold(text)):
        if kind == "dense":
            tokens += _bigrams(run)
            if len(run) > 1:
                tokens += run
        else:
            tokens.append(stem(run))
            parts = _PARTS.findall(run) if kind == "word" else []
            if len(parts) > 1:
                tokens += [stem(part) for part in parts]
    return [token[:TOKEN_LIMIT] for token in tokens]


def field_text(text: str) -> str:
    """The tokens of a field as the engines store them."""
    return " ".join(index_tokens(text)) or EMPTY


def asked_terms(words: str) -> list[tuple[str, tuple[str, ...]]]:
    """The terms of a question: each a token, and other forms that count as much (`iphone12` beside `iphone` and `12`)."""
    terms: dict[str, tuple[str, ...]] = {}
    ordinary: list[str] = []
    for kind, run in _runs(fold(words)):
        if kind == "dense":
            for piece in filter(None, _PARTICLES.split(run)):
                terms.update((gram, ()) for gram in _bigrams(piece))
            continue
        if run in STOP_WORDS:
            ordinary.append(run)
            continue
        parts = _PARTS.findall(run) if kind == "word" else []
        if len(parts) > 1:
            terms.update((stem(part)[:TOKEN_LIMIT], (stem(run)[:TOKEN_LIMIT],)) for part in parts)
        else:
            terms.setdefault(stem(run)[:TOKEN_LIMIT], ())
    if not terms:  # "the the" is a question too
        terms = {stem(word): () for word in ordinary}
    return list(terms.items())[:TERMS_LIMIT]


def synonyms_of(token: str) -> tuple[str, ...]:
    return _synonyms().get(token, ())


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    if not _ENGLISH.match(word):
        return word
    if not hasattr(_per_thread, "stemmer"):
        import snowballstemmer  # thirty-five languages at once: only who searches or indexes waits for them

        _per_thread.stemmer = snowballstemmer.stemmer("english")
    return str(_per_thread.stemmer.stemWord(word))


def _simplified(text: str) -> str:
    if not hasattr(_per_thread, "converter"):
        _per_thread.converter = OpenCC("t2s")
    return str(_per_thread.converter.convert(text))


def _runs(folded: str) -> Iterator[tuple[str, str]]:
    for found in _RUNS.finditer(folded):
        yield str(found.lastgroup), found.group()


def _bigrams(run: str) -> list[str]:
    return [run] if len(run) == 1 else [run[at : at + 2] for at in range(len(run) - 1)]


@cache
def _synonyms() -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for group in GROUPS:
        stems = [stem(fold(word)) for word in group]
        for token in stems:
            found.setdefault(token, {}).update((other, None) for other in stems if other != token)
    return {token: tuple(others) for token, others in found.items()}
