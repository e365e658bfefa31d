import pytest

from search.planner import Among, Between, plan, required_of
from search.query import PAGE_LIMIT, PRICE_LIMIT, SearchQuery, Sort


@pytest.mark.parametrize(("terms", "required"), [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (10, 6)])
def test_required_terms_grow_slower_than_the_question(terms: int, required: int) -> None:
    assert required_of(terms) == required


def test_each_filter_names_the_facet_that_counts_without_it() -> None:
    made = plan(SearchQuery(conditions=("new", "good"), currency="EUR", price_from=100, attributes={"brand": ("Acme",)}))
    assert made.filters == (
        Among("condition", "condition", ("new", "good")),
        Among("currency", "currency", ("EUR",)),
        Between("price", "price", 100, None),
        Among("attribute.brand", "attribute", ("brand=Acme",)),
    )
    assert made.apart_from("condition", "price") == (made.filters[1], made.filters[3])


def test_a_page_and_a_narrowed_category_are_separate_filters() -> None:
    made = plan(SearchQuery(within="furniture", categories=("sofas",)))
    assert [one.facet for one in made.filters] == ["within", "category"]


def test_neighbours_are_also_tried_joined_and_synonyms_count_little() -> None:
    term = plan(SearchQuery(words="smart watch")).terms[0]
    boosts = {form.token: form.boost for form in term.alternatives if form.field == "title"}
    assert boosts == {"smart": 2.0, "smartwatch": 0.7}
    sofa = plan(SearchQuery(words="sofa")).terms[0]
    assert {form.token: form.boost for form in sofa.alternatives if form.field == "title"}["沙发"] == 0.4


def test_without_words_best_match_means_newest() -> None:
    assert plan(SearchQuery()).sort is Sort.NEWEST
    assert plan(SearchQuery(words="?!")).sort is Sort.NEWEST
    assert plan(SearchQuery(words="lamp")).sort is Sort.BEST


def test_a_question_is_clipped_to_what_an_engine_takes() -> None:
    query = SearchQuery(words="x" * 999, page=10**9, per_page=-4, price_from=-5, price_until=10**30, conditions=("new",) * 99)
    assert (len(query.words), query.page, query.per_page, query.price_from, query.price_until) == (200, PAGE_LIMIT, 1, 0, PRICE_LIMIT)
    assert len(query.conditions) == 20
