"""What backend wires by name really exists."""

import ast
import re
from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from backend.schedule import SCHEDULE, job_modules
from core.jobs import Job
from tests.architecture import house


@pytest.mark.parametrize(("cron", "path"), SCHEDULE)
def test_scheduled_job_exists_and_needs_nothing(cron: str, path: str) -> None:
    job = import_string(path)
    assert isinstance(job, Job.__origin__)  # type: ignore[attr-defined]
    assert len(cron.split()) in {5, 6}


def test_every_jobs_module_is_found() -> None:
    on_disk = {house.module(file) for file in house.files(*house.ROOMED) if file.name == "jobs.py"}
    assert on_disk == {name for name in job_modules() if name.split(".")[0] in house.ROOMED}


def test_every_receiver_is_connected() -> None:
    """A receivers.py that no apps.py imports reacts to nothing."""
    storeys = {file.relative_to(house.ROOT).parts[0] for file in house.files(*house.ROOMED) if file.name == "receivers.py"}
    for storey in storeys:
        import_module(f"{storey}.apps")
    wanted = [house.module(file) for file in house.files(*house.ROOMED) if file.name == "receivers.py"]
    silent = [name for name in wanted if not _is_named_in_apps(name)]
    assert not silent, f"These receivers are connected nowhere: {silent}"


def _is_named_in_apps(name: str) -> bool:
    text = (house.ROOT / name.split(".")[0] / "apps.py").read_text()
    imported = {
        f"{node.module}.{alias.name}" for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom) for alias in node.names
    } | set(house.imports(house.ROOT / name.split(".")[0] / "apps.py"))
    return name in imported or f'"{name}"' in text


def test_every_deferred_name_is_a_job() -> None:
    """An operation defers its job by name; a misspelt name would fail only when the operation runs."""
    unknown = [f"{house.name(file)} {wanted}" for file in house.files() for wanted in _deferred_names(file) if wanted not in app.tasks]
    assert not unknown, "No such job:\n" + "\n".join(unknown)


def _deferred_names(file: Path) -> list[str]:
    calls = [node for node in ast.walk(house.tree(file)) if isinstance(node, ast.Call) and node.args]
    defers = [call for call in calls if ast.unparse(call.func) in {"jobs.defer", "jobs.defer_many", "defer"}]
    return [call.args[0].value for call in defers if isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)]


def test_every_import_is_installed_by_the_lock() -> None:
    """What only happens to be installed on this machine is missing on the next."""
    locked = {_plain(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", (house.ROOT / "requirements.lock").read_text(), re.MULTILINE)}
    providers = packages_distributions()
    names = {imported.split(".")[0] for file in house.files() for imported in house.imports(file)}
    foreign = {name for name in names if name in providers and name not in house.STOREYS}
    unlocked = sorted(name for name in foreign if not {_plain(provider) for provider in providers[name]} & locked)
    assert not unlocked, f"Add to pyproject.toml and make the lock again: {unlocked}"


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
