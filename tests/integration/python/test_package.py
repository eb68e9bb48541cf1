"""The package as a whole: what it costs to import, its types, and that its examples are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import licet
import pytest

MODULES = sorted(
    module.name
    for module in pkgutil.iter_modules(licet.__path__, "licet.")
    if module.name != "licet._licet"
)


@pytest.mark.parametrize("name", ["licet", *MODULES])
def test_the_examples_of_docstrings_are_true(name: str) -> None:
    module = importlib.import_module(name)
    results = doctest.testmod(module, optionflags=doctest.ELLIPSIS)
    assert results.failed == 0


def test_importing_takes_less_than_50_ms_and_nothing_heavy() -> None:
    code = (
        "import sys, time; begin = time.process_time(); import licet; "
        "print(time.process_time() - begin, *sorted(sys.modules))"
    )
    best = 1.0
    for _ in range(5):
        out = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, text=True
        ).stdout.split()
        best = min(best, float(out[0]))
        assert not {"numpy", "pandas", "pydantic", "asyncio", "inspect", "pyarrow"} & set(out)
    assert best < 0.05


def test_the_package_is_typed_and_complete() -> None:
    folder = Path(licet.__file__).parent
    assert (folder / "py.typed").exists()
    assert (folder / "_licet.pyi").exists()
    for name in licet.__all__:
        assert getattr(licet, name).__doc__, name
    with pytest.raises(AttributeError):
        _ = licet.nothing
