from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from escrow.providers.signatures import is_genuine, sign

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def genuine(payload: bytes, header: str, *secrets: str, at: datetime = AT) -> bool:
    return is_genuine(payload=payload, header=header, secrets=secrets, at=at)


def test_known_answer() -> None:
    """Fixed once with `printf '1700000000.{}' | openssl dgst -sha256 -hmac secret`: the algorithm is the large providers' own."""
    at = datetime.fromtimestamp(1_700_000_000, UTC)
    digest = "b8569b78799ff9e3cbff0fc2d63a33a2b57f3282abd07c37ae5e8e7d79a5f163"
    assert sign(payload=b"{}", secret="secret", at=at) == f"t=1700000000,v1={digest}"


@given(st.binary(max_size=200), st.text(min_size=1, max_size=40))
def test_signed_bytes_are_genuine_and_any_other_bytes_are_not(payload: bytes, secret: str) -> None:
    header = sign(payload=payload, secret=secret, at=AT)
    assert genuine(payload, header, "another", secret)
    assert not genuine(payload + b" ", header, secret)
    assert not genuine(payload, header, secret + "x")
    assert not genuine(payload, header)


@given(st.text(max_size=80))
def test_any_text_as_header_is_answered_no(header: str) -> None:
    assert not genuine(b"{}", header, "secret")


def test_five_minutes_are_tolerated_and_no_more() -> None:
    header = sign(payload=b"{}", secret="secret", at=AT)
    for seconds, expected in ((-301, False), (-299, True), (0, True), (299, True), (301, False)):
        assert genuine(b"{}", header, "secret", at=AT + timedelta(seconds=seconds)) is expected


def test_one_of_several_signatures_is_enough() -> None:
    good = sign(payload=b"{}", secret="secret", at=AT)
    assert genuine(b"{}", good + ",v1=" + "0" * 64 + ",v0=x", "secret")
    assert not genuine(b"{}", good.replace("v1=", "v0="), "secret")
