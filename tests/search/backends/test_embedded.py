from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.backends.base import EngineUnavailable
from search.backends.embedded import EmbeddedBackend
from search.documents import ListingDocument
from search.planner import plan
from search.query import SearchQuery, Sort
from tests.search.reference import bars, counted, matching, ordered

WORDS = ["red", "velvet", "sofa", "couch", "smart", "watch", "smartwatch", "iphone12", "12", "红色真皮沙发", "老物件", "lamp", "lamps"]
CODES = {"brand": ["Acme", "Öl & Co", "牌"], "size": ["S", "M"]}
sentences = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)


@st.composite
def a_document(draw: st.DrawFn, key: int) -> ListingDocument:
    root = draw(st.sampled_from(["home", "tech"]))
    return ListingDocument(
        key=key,
        reference=f"REF{key}",
        title=draw(sentences),
        description=draw(sentences),
        details=draw(sentences),
        categories=(root, f"{root}-{draw(st.integers(0, 2))}"),
        condition=draw(st.sampled_from(["new", "good", "for_parts"])),
        hand_overs=tuple(draw(st.sets(st.sampled_from(["parcel", "pickup"]), min_size=1))),
        shop=draw(st.sampled_from(["a-shop", "B"])),
        currency=draw(st.sampled_from(["EUR", "CNY"])),
        price_minor=draw(st.integers(0, 3000)),
        published_seconds=draw(st.integers(0, 5)),
        attributes=tuple((code, draw(st.sampled_from(values))) for code, values in CODES.items() if draw(st.booleans())),
    )


documents = st.integers(0, 14).flatmap(lambda size: st.tuples(*(a_document(key) for key in range(1, size + 1))))
few = st.integers(0, 2)


def some(values: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


questions = st.builds(
    SearchQuery,
    words=sentences,
    within=st.sampled_from(["", "", "home"]),
    shop=st.sampled_from(["", "", "B"]),
    without=st.sampled_from(["", "REF1"]),
    categories=some(["tech", "home-0", "home-1"]),
    conditions=some(["new", "good"]),
    hand_overs=some(["parcel", "pickup"]),
    currency=st.sampled_from(["", "", "EUR"]),
    price_from=st.none() | st.integers(0, 3000),
    price_until=st.none() | st.integers(0, 3000),
    attributes=st.fixed_dictionaries({}, optional={code: some(values) for code, values in CODES.items()}),
    sort=st.sampled_from(Sort),
    per_page=st.just(30),
)


@pytest.fixture
def engine(tmp_path: Path) -> EmbeddedBackend:
    return EmbeddedBackend(tmp_path / "search")


def quiet(_done: int) -> None: ...


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(documents=documents, asked=st.lists(questions, min_size=4, max_size=4))
def test_find_agrees_with_a_slow_search(engine: EmbeddedBackend, documents: tuple[ListingDocument, ...], asked: list[SearchQuery]) -> None:
    engine.rebuild(documents, progress=quiet)
    for query in asked:
        made = plan(query)
        expected = matching(documents, made, made.filters)
        found = engine.find(made)
        assert set(found.references) == {one.reference for one in expected}
        assert found.total == len(expected) == engine.count(made)
        assert {facet: dict(counts) for facet, counts in found.counts.items()} == counted(documents, made)
        assert {currency: list(counts) for currency, counts in found.prices.items()} == bars(documents, made)
        if made.sort is not Sort.BEST:
            assert list(found.references) == ordered(expected, made.sort)


def a_lamp(key: int, **facts: object) -> ListingDocument:
    usual = {"title": "Desk lamp", "description": "", "details": "", "categories": ("home",), "condition": "good", "hand_overs": ("parcel",)}
    more = {"shop": "a", "currency": "EUR", "price_minor": 100, "published_seconds": key}
    return ListingDocument(**{"key": key, "reference": f"REF{key}", **usual, **more, **facts})  # type: ignore[arg-type]


def test_pages_cover_the_answer_once_even_when_all_score_alike(engine: EmbeddedBackend) -> None:
    engine.rebuild([a_lamp(key) for key in range(1, 54)], progress=quiet)
    for sort in Sort:
        pages = [engine.find(plan(SearchQuery(words="lamp", sort=sort, page=page, per_page=10)), facets=False).references for page in range(1, 7)]
        assert [len(page) for page in pages] == [10, 10, 10, 10, 10, 3]
        assert len({reference for page in pages for reference in page}) == 53


def test_all_words_beat_one_word_often(engine: EmbeddedBackend) -> None:
    often = a_lamp(1, title="lamp lamp lamp shade", description="lamp " * 9)
    engine.rebuild([often, a_lamp(2, title="brass reading lamp from 1962")], progress=quiet)
    assert engine.find(plan(SearchQuery(words="brass lamp reading"))).references[0] == "REF2"


def test_chinese_words_are_found_inside_longer_ones_in_either_script(engine: EmbeddedBackend) -> None:
    engine.rebuild([a_lamp(1, title="红色真皮沙发"), a_lamp(2, title="無線滑鼠")], progress=quiet)
    assert [engine.find(plan(SearchQuery(words=words))).references for words in ("沙发", "沙發", "皮", "鼠标", "红色沙发")] == [
        ("REF1",),
        ("REF1",),
        ("REF1",),
        ("REF2",),
        ("REF1",),
    ]


def test_apply_replaces_and_forgets_and_another_reader_sees_it_at_once(engine: EmbeddedBackend, tmp_path: Path) -> None:
    engine.rebuild([a_lamp(1), a_lamp(2)], progress=quiet)
    reader = EmbeddedBackend(tmp_path / "search")
    assert reader.find(plan(SearchQuery(words="lamp"))).total == 2
    engine.apply(put=[a_lamp(2, title="Vase"), a_lamp(3)], remove=[1])
    assert set(reader.find(plan(SearchQuery(words="lamp"))).references) == {"REF3"}
    assert reader.references() == {"REF2", "REF3"}
    assert reader.count(plan(SearchQuery())) == 2


def test_rebuild_swaps_under_a_reader_and_sweeps_the_old_generation(engine: EmbeddedBackend, tmp_path: Path) -> None:
    engine.rebuild([a_lamp(1)], progress=quiet)
    reader = EmbeddedBackend(tmp_path / "search")
    assert reader.references() == {"REF1"}
    seen: list[int] = []
    engine.rebuild((a_lamp(key) for key in range(2, 2004)), progress=seen.append)
    assert seen == [1000, 2000, 2002]
    assert len(reader.references()) == 2002
    assert len(list((tmp_path / "search").glob("v*-*"))) == 1


def test_a_failed_rebuild_leaves_the_old_index(engine: EmbeddedBackend) -> None:
    engine.rebuild([a_lamp(1)], progress=quiet)

    def broken() -> Iterator[ListingDocument]:
        yield a_lamp(2)
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        engine.rebuild(broken(), progress=quiet)
    assert engine.references() == {"REF1"}


def test_no_index_is_one_fact(engine: EmbeddedBackend) -> None:
    with pytest.raises(EngineUnavailable):
        engine.find(plan(SearchQuery()))


@pytest.mark.parametrize("damage", ["pointer", "meta", "segments", "old shape"])
def test_a_damaged_index_is_one_fact_too_and_rebuild_heals_it(engine: EmbeddedBackend, tmp_path: Path, damage: str) -> None:
    engine.rebuild([a_lamp(1)], progress=quiet)
    folder = tmp_path / "search"
    present = folder / (folder / "current").read_text()
    if damage == "pointer":
        (folder / "current").write_bytes(b"\xff\xfe../..")
    elif damage == "meta":
        (present / "meta.json").write_text("{")
    elif damage == "segments":
        for file in present.glob("*.*"):
            if file.name != "meta.json":
                file.write_bytes(b"")
    else:
        (folder / "current").write_text("v0-000000000000")
    fresh = EmbeddedBackend(folder)
    with pytest.raises(EngineUnavailable):
        fresh.find(plan(SearchQuery(words="lamp")))
    fresh.rebuild([a_lamp(1)], progress=quiet)
    assert fresh.find(plan(SearchQuery(words="lamp"))).references == ("REF1",)


NASTIES = [
    '"', "''", "\\", "a AND (b OR", "title:*", "*", "?", "+-!(){}[]^~", "\x00", "\x00lamp", "\ud800", "🛋️ sofa", "a" * 10_000, " " * 500,
    "lamp " * 300, "%", "_", "%%%s", "' OR 1=1 --", "<script>alert(1)</script>", "../../etc/passwd", "\u202elamp", "\u3000\u2028", "NaN", "1e309",
    "沙" * 500, "İıſK", "ﷺ" * 50, "\u0301" * 200,
]  # fmt: skip


@pytest.mark.parametrize("words", NASTIES)
def test_no_words_break_the_engine(engine: EmbeddedBackend, words: str) -> None:
    engine.rebuild([a_lamp(1)], progress=quiet)
    engine.find(plan(SearchQuery(words=words)))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=80), value=st.text(max_size=20))
def test_no_text_breaks_the_engine(engine: EmbeddedBackend, words: str, value: str) -> None:
    try:
        engine.references()
    except EngineUnavailable:
        engine.rebuild([a_lamp(1)], progress=quiet)
    engine.find(plan(SearchQuery(words=words, categories=(value,), attributes={value: (value,)}, currency=value)))
