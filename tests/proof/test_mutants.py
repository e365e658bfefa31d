"""The mutants still fit what they change; whether they are killed is told by `./souk prove --mutants`."""

import pytest

from tests.proof.mutants import MUTANTS, ROOT, Mutant, mutated


def test_there_are_enough_of_them() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= 12


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_mutant_fits_its_source(mutant: Mutant) -> None:
    compile(mutated(mutant, ROOT), mutant.path, "exec")
