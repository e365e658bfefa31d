import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import EMPTY, TERMS_LIMIT, TOKEN_LIMIT, asked_terms, field_text, fold, index_tokens, synonyms_of


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Café CRÈME", "cafe creme"),
        ("Ｃａｍｅｒａ ３５", "camera 35"),
        ("women’s", "womens"),
        ("紅色真皮沙發", "红色真皮沙发"),
        ("無線滑鼠", "无线鼠标"),
        ("Straße", "strasse"),
    ],
)
def test_fold_unites_what_reads_alike(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_index_tokens_hold_bigrams_and_single_characters() -> None:
    assert index_tokens("真皮沙发") == ["真皮", "皮沙", "沙发", "真", "皮", "沙", "发"]


def test_index_tokens_split_letters_from_digits_and_keep_the_whole() -> None:
    assert index_tokens("iPhone12 cases") == ["iphone12", "iphon", "12", "case"]


def test_asked_terms_of_a_joined_word_are_its_parts_with_the_whole_beside_them() -> None:
    assert asked_terms("iphone12") == [("iphon", ("iphone12",)), ("12", ("iphone12",))]


def test_asked_terms_leave_out_small_words_unless_there_is_nothing_else() -> None:
    assert [term for term, _ in asked_terms("a case for the phone")] == ["case", "phone"]
    assert [term for term, _ in asked_terms("the the")] == ["the"]


def test_asked_terms_do_not_bridge_a_chinese_particle() -> None:
    assert [term for term, _ in asked_terms("红色的沙发")] == ["红色", "沙发"]


def test_decimals_stay_whole() -> None:
    assert index_tokens("f/1.8 lens") == ["f", "1.8", "len"]


def test_synonyms_go_both_ways_and_across_languages() -> None:
    assert "couch" in synonyms_of("sofa")
    assert "sofa" in synonyms_of("couch")
    assert "sofa" in synonyms_of("沙发")


def test_an_empty_field_is_padded() -> None:
    assert field_text("…") == EMPTY


@given(st.text(max_size=400))
def test_any_text_gives_tokens_an_engine_can_store(text: str) -> None:
    for token in index_tokens(text):
        assert 0 < len(token) <= TOKEN_LIMIT
        assert " " not in token
    assert len(asked_terms(text)) <= TERMS_LIMIT


@given(st.text(alphabet=st.sampled_from("abcXYZ 0123沙发紅色é-'"), max_size=60))
def test_whatever_is_indexed_can_be_asked_for(text: str) -> None:
    stored = set(index_tokens(text))
    assert {token for token, _ in asked_terms(text)} <= stored
