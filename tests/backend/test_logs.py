import io
import logging
import logging.config

import pytest

from backend.logs import logging_config


@pytest.mark.parametrize("json", [True, False])
def test_a_traceback_tells_no_value_of_a_variable(json: bool) -> None:
    formatter = logging_config(level="INFO", json=json)["formatters"]["souk"]
    words = io.StringIO()
    handler = logging.StreamHandler(words)
    handler.setFormatter(formatter["()"](processors=formatter["processors"], foreign_pre_chain=formatter["foreign_pre_chain"]))
    logger = logging.Logger("some.library")
    logger.addHandler(handler)

    def charge(card: str) -> None:
        raise RuntimeError("declined")

    try:
        charge("4417" + "0000")
    except RuntimeError:
        logger.exception("payment failed")

    assert "RuntimeError: declined" in words.getvalue()
    assert "in charge" in words.getvalue()
    assert "44170000" not in words.getvalue()
