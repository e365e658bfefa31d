from pathlib import Path

import pytest

from backend import env


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SOUK_DATA", "SOUK_URL", "SOUK_DEBUG", "DATABASE_URL", "EMAIL_URL", "SOUK_PROCESS", "SOUK_ALLOWED_HOSTS"):
        monkeypatch.delenv(name, raising=False)


def test_defaults_are_for_development() -> None:
    found = env.read()
    assert found.debug
    assert found.embedded_database
    assert found.data == env.ROOT / ".souk"
    assert not found.https


def test_production_has_no_default_secret_for_webhooks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUK_DEBUG", "0")
    found = env.read()
    assert (found.sandbox_webhook_secret, found.allow_sandbox) == ("", False)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SOUK_URL", "souk.example", "SOUK_URL"),
        ("SOUK_URL", "https://souk.example/shop", "without a path"),
        ("SOUK_PROCESS", "cron", "web, worker or command"),
        ("SOUK_DEBUG", "perhaps", "SOUK_DEBUG"),
        ("SOUK_POOL_SIZE", "many", "SOUK_POOL_SIZE"),
    ],
)
def test_read_names_the_wrong_variable(monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(env.EnvironmentInvalid, match=words):
        env.read()


def test_database_url_is_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://so%40uk:p%2Fw@db.example:6432/market")
    found = env.database(env.read())
    assert found == {"NAME": "market", "USER": "so@uk", "PASSWORD": "p/w", "HOST": "db.example", "PORT": "6432"}


def test_other_databases_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///souk.db")
    with pytest.raises(env.EnvironmentInvalid, match="postgresql://"):
        env.database(env.read())


def test_mail_goes_to_files_or_to_a_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SOUK_DATA", str(tmp_path))
    assert env.mail(env.read())["EMAIL_FILE_PATH"] == f"{tmp_path}/mail"
    monkeypatch.setenv("EMAIL_URL", "smtps://me:secret@mail.example")
    found = env.mail(env.read())
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"]) == ("mail.example", 465, True, False)
