"""The faults of `make mutants` can still be made: each changes one place of the code as it is now."""

from pathlib import Path

import pytest

from tests.mutants.__main__ import declared


@pytest.mark.parametrize("mutant", declared(), ids=lambda mutant: f"{mutant.file}: {mutant.fault}")
def test_a_mutant_has_its_place(mutant):
    text = (Path(__file__).parents[1] / mutant.file).read_text(encoding="utf-8")
    compile(mutant.put_into(text), mutant.file, "exec")
