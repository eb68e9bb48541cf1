"""Policy tests as pytest items, and a fixture of the policies.

Rules named ``test_...`` in files whose names end in ``_test.licet`` or ``_test.rego`` become items.
They are compiled with all policies below the folder that ``licet_policies`` in the configuration
names (by default the folder of the file) and with the data files of ``licet_data``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from licet._engine import Engine
    from licet._results import ExplainedLiteral

_ENGINES: pytest.StashKey[dict[Path, Engine]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of the configuration file."""
    parser.addini("licet_policies", "folder of the policies", type="string", default="")
    parser.addini("licet_data", "JSON and YAML files that policies see as data", type="linelist")


def pytest_configure(config: pytest.Config) -> None:
    """Called once."""
    config.stash[_ENGINES] = {}


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Files of policies with tests."""
    if file_path.name.endswith(("_test.licet", "_test.rego")):
        collector: PolicyFile = PolicyFile.from_parent(parent, path=file_path)
        return collector
    return None


def _engine(config: pytest.Config, folder: Path) -> Engine:
    engines = config.stash[_ENGINES]
    if folder not in engines:
        from licet._engine import load

        data = [str(config.rootpath / name) for name in config.getini("licet_data")]
        engines[folder] = load(folder, data=data or None)
    return engines[folder]


def _policy_folder(config: pytest.Config, default: Path) -> Path:
    named = config.getini("licet_policies")
    return config.rootpath / named if named else default


@pytest.fixture(scope="session")
def policy(pytestconfig: pytest.Config) -> Engine:
    """An engine of the policies below ``licet_policies`` (by default the root folder)."""
    return _engine(pytestconfig, _policy_folder(pytestconfig, pytestconfig.rootpath))


class PolicyFile(pytest.File):
    """A file of policies."""

    def collect(self) -> Iterator[PolicyTest]:
        """An item for each of its tests."""
        from licet._errors import PolicyError

        folder = _policy_folder(self.config, self.path.parent)
        try:
            engine = _engine(self.config, folder)
        except PolicyError as error:
            raise self.CollectError(str(error)) from error
        for index, (package, name, file, line) in enumerate(engine._tests()):
            if Path(file).resolve() == self.path.resolve():
                yield PolicyTest.from_parent(
                    self, name=f"{package}.{name}", engine=engine, index=index, line=line
                )


class PolicyFailure(Exception):
    """A test that does not hold; its text shows what failed, with values."""


class PolicyTest(pytest.Item):
    """A rule named ``test_...``."""

    def __init__(self, *, engine: Engine, index: int, line: int, **rest: Any) -> None:
        super().__init__(**rest)
        self._engine = engine
        self._index = index
        self._line = line

    def runtest(self) -> None:
        """Runs it."""
        value, error, printed, literals = self._engine._run_test(self._index)
        if printed:
            self.add_report_section("call", "print", printed.decode(errors="replace"))
        if error is not None:
            raise PolicyFailure(error)
        if not _passes(value):
            raise PolicyFailure(_failure_text(value, self._line, literals))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The literals that failed instead of a stack of Python."""
        if isinstance(excinfo.value, PolicyFailure):
            return f"{self.path}:{self._line}: {self.name}\n{excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it is."""
        return self.path, self._line - 1, self.name


def _passes(value: object) -> bool:
    """True, or for ``test_x[note]`` true for all of its notes."""
    if isinstance(value, dict):
        return bool(value) and all(_passes(inner) for inner in value.values())
    return value is not None and value is not False


def _failure_text(value: object, line: int, literals: list[ExplainedLiteral]) -> str:
    failed = [literal for literal in literals if literal.outcome in ("failed", "unknown")]
    lines = [] if value is None else [f"  value: {value!r}"]
    for literal in sorted(failed, key=lambda literal: (literal.line < line, literal.line)):
        lines.append(f"  {literal.file}:{literal.line}: {' '.join(literal.text.split())}")
        for text, found in literal.values:
            lines.append(f"      {text} = {'undefined' if found is None else found}")
    return "\n".join(lines) or "  the rule is undefined"
