"""What can be checked of the deployment without a machine to deploy to."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from backend import env, media
from backend.env import ROOT

DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
CADDYFILE = (DEPLOY / "Caddyfile").read_text()
EXAMPLE = (DEPLOY / ".env.example").read_text()
KNOWN = set(re.findall(r'env\.\w+\("([A-Z_]+)"', (ROOT / "backend" / "env.py").read_text()))


def variables(text: str) -> set[str]:
    return set(re.findall(r"\b((?:SOUK|STRIPE|DATABASE|EMAIL|REDIS|ELASTICSEARCH)_[A-Z_]+)\b", text))


def test_every_variable_exists() -> None:
    named = variables(DOCKERFILE + (DEPLOY / "compose.yaml").read_text() + EXAMPLE)
    assert named - KNOWN == {"SOUK_HOST"}, "SOUK_HOST is compose's own: the address becomes SOUK_URL"
    assert {"SOUK_SECRET_KEY", "SOUK_URL", "DATABASE_URL", "SOUK_PROXY_COUNT"} <= named
    assert {field.name for field in fields(env.Environment)} >= {"metrics_token", "proxy_count"}


def test_the_services_are_there_and_wait_for_each_other() -> None:
    services = COMPOSE["services"]
    assert {"proxy", "web", "worker", "migration", "database", "backup"} == set(services)
    for name in ("web", "worker"):
        assert services[name]["depends_on"]["migration"]["condition"] == "service_completed_successfully"
        assert services[name]["environment"]["SOUK_PROCESS"] == name
        assert services[name]["read_only"]
    assert services["migration"]["depends_on"]["database"]["condition"] == "service_healthy"
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    used = {volume.partition(":")[0] for service in services.values() for volume in service.get("volumes", [])}
    assert {volume for volume in used if not volume.startswith(".")} == set(COMPOSE["volumes"])


def test_no_secret_has_a_value() -> None:
    for name in ("SOUK_SECRET_KEY", "POSTGRES_PASSWORD", "SOUK_METRICS_TOKEN", "SOUK_SANDBOX_WEBHOOK_SECRET"):
        assert re.search(rf"^{name}=$", EXAMPLE, re.M)
    ignored = subprocess.run(["git", "check-ignore", "deploy/.env"], cwd=ROOT, capture_output=True, check=False)
    assert ignored.returncode in (0, 128), "deploy/.env must never be committed"


def test_the_image_runs_as_nobody_special_and_copies_what_exists() -> None:
    assert re.findall(r"^USER (\S+)", DOCKERFILE, re.M) == ["souk"]
    sources = [source for line in re.findall(r"^COPY ((?!--from).+)$", DOCKERFILE, re.M) for source in line.split()[:-1]]
    assert sources
    assert [source for source in sources if not (ROOT / source).exists()] == []
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".git", "deploy/.env", ".souk"} <= set(ignored)


def test_the_server_starts_as_the_handbook_says() -> None:
    command = re.search(r"^CMD (\[.*\])$", DOCKERFILE, re.M)
    assert command
    words = yaml.safe_load(command[1])
    assert words[0] == "granian"
    assert words[-1] == "backend.wsgi:application"
    handbook = (ROOT / "docs" / "operations.md").read_text()
    assert " ".join(words).replace("--host 0.0.0.0 ", "") in handbook


def test_the_image_holds_what_souk_needs_and_no_tools() -> None:
    command = [sys.executable, str(DEPLOY / "runtime_lock.py")]
    with (ROOT / "requirements.lock").open() as lock:
        told = subprocess.run(command, stdin=lock, capture_output=True, text=True, check=True).stdout
    pinned = set(re.findall(r"^([a-z0-9._-]+)==", told, re.M))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    needed = {re.split(r"[\[<>=!~; ]", one, maxsplit=1)[0].lower().replace("_", "-") for one in project["project"]["dependencies"]}
    assert needed - pinned == set()
    assert {"asgiref", "sqlparse"} <= pinned, "what our dependencies need is there too"
    assert pinned & {"pytest", "ruff", "mypy", "playwright", "schemathesis"} == set()
    assert all("--hash=sha256:" in block for block in re.split(r"^(?=[a-z0-9._-]+==)", told, flags=re.M)[1:])


def test_the_proxy_serves_pictures_as_souk_does_and_hides_the_watch() -> None:
    pattern = re.search(r"path_regexp \^/media/(\S+)\$$", CADDYFILE, re.M)
    assert pattern
    assert pattern[1].replace("(?:", "(?:") == media.OURS.pattern
    for words in ("nosniff", "default-src 'none'; sandbox", "public, max-age=31536000, immutable", "handle @watch {"):
        assert words in CADDYFILE
    assert CADDYFILE.count("{") == CADDYFILE.count("}")


@pytest.mark.skipif(shutil.which("caddy") is None, reason="caddy is not installed")
def test_caddy_accepts_its_file() -> None:
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")]
    subprocess.run(command, env={**os.environ, "SOUK_HOST": "souk.example"}, check=True, capture_output=True)


@pytest.mark.skipif(shutil.which("docker-compose") is None, reason="docker-compose is not installed")
def test_compose_accepts_its_file_with_the_example_filled_in(tmp_path: Path) -> None:
    shutil.copy(DEPLOY / "compose.yaml", tmp_path)
    (tmp_path / ".env").write_text(re.sub(r"=$", "=x", EXAMPLE, flags=re.M))
    done = subprocess.run(["docker-compose", "config", "-q"], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
