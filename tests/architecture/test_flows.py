"""Every flow table of the house is whole: reachable, with an end, with somebody or a timer for every wait, and money never stuck."""

from importlib import import_module

import pytest

from core.states import Flow, check
from tests.architecture import house

TABLES = [house.module(file) for file in house.files(*house.ROOMED) if file.name == "states.py"]


def flows_of(name: str) -> list[Flow]:
    module = import_module(name)
    found = [getattr(module, "FLOW", None), *getattr(module, "FLOWS", ())]
    return [flow for flow in found if isinstance(flow, Flow)]


@pytest.mark.parametrize("name", TABLES)
def test_states_declare_a_flow(name: str) -> None:
    assert flows_of(name), f"{name} exports no FLOW"


@pytest.mark.parametrize("name", TABLES)
def test_flow_is_whole(name: str) -> None:
    assert [problem for flow in flows_of(name) for problem in check(flow)] == []
