"""What is remembered, for how long, and that it can be forgotten."""

from core import kept


def test_the_same_question_is_asked_once_until_its_time_is_over() -> None:
    asked: list[str] = []

    @kept.kept(60)
    def name(code: str) -> str:
        asked.append(code)
        return code.upper()

    @kept.kept(0)
    def never(code: str) -> str:
        asked.append(code)
        return code

    assert [name("a"), name("a"), name("b"), name(code="b")] == ["A", "A", "B", "B"]
    assert asked == ["a", "b", "b"]
    assert never("c") == never("c")
    assert asked[3:] == ["c", "c"]
    kept.forget()
    name("a")
    assert asked[-1] == "a"
    assert len(asked) == 6
