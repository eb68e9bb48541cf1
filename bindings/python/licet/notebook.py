"""Notebooks: ``%load_ext licet`` adds the cell magic ``%%licet``.

``%%licet [NAME]`` checks the policy in the cell, shows its problems with carets, and puts an engine
of it into the variable NAME (``policy`` by default). ``%%licet NAME --table FRAME`` also decides
every row of a DataFrame, into NAME_decisions, and shows the denials as a table and a chart.
"""

from __future__ import annotations

import argparse
import shlex
from html import escape
from typing import Any

from licet._engine import Engine, load
from licet._errors import PolicyError

_MOST_ROWS = 20


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="%%licet", add_help=False, exit_on_error=False)
    parser.add_argument("name", nargs="?", default="policy")
    parser.add_argument("--table", metavar="FRAME", help="a variable: the rows to decide")
    parser.add_argument("--data", metavar="NAME", help="a variable: what policies see as data")
    parser.add_argument("--roots", metavar="NAME", help="a variable: a dict of roots of all rows")
    return parser


def run_cell(shell: Any, line: str, cell: str) -> Any:
    """The magic itself. Returns what the notebook shows."""
    options = _parser().parse_args(shlex.split(line))
    variables = shell.user_ns
    for wanted in (options.table, options.data, options.roots):
        if wanted is not None and wanted not in variables:
            raise NameError(f"there is no variable {wanted!r}")
    try:
        engine = load(
            sources={f"{options.name}.licet": cell},
            data=variables[options.data] if options.data else None,
        )
    except PolicyError as error:
        return Report(error.text or str(error), is_error=True)
    variables[options.name] = engine
    if options.table is None:
        warnings = "\n".join(
            f"{problem.file}:{problem.line}: {problem.message}" for problem in engine.warnings
        )
        return Report(warnings or f"{options.name}: the policy is fine")
    roots = variables[options.roots] if options.roots else {}
    decisions = engine.decide_table(variables[options.table], **roots)
    variables[f"{options.name}_decisions"] = decisions
    return TableReport(engine, variables[options.table], decisions)


class Report:
    """Text of the compiler, as it is."""

    def __init__(self, text: str, *, is_error: bool = False) -> None:
        self.text = text
        self.is_error = is_error

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        colour = "#cf222e" if self.is_error else "#1a7f37"
        return f"<pre style='color:{colour}'>{escape(self.text)}</pre>"


class TableReport:
    """How a table was decided: how many rows, which were denied, and by which rules."""

    def __init__(self, engine: Engine, table: Any, decisions: Any) -> None:
        self.engine = engine
        columns = [decisions[name] for name in ("effect", "rule", "cause", "message")]
        lists = [
            list(column.to_pylist() if hasattr(column, "to_pylist") else column)
            for column in columns
        ]
        self.rows: list[tuple[int, str, str, str]] = [
            (row, str(rule) or str(cause), str(cause), str(message))
            for row, (effect, rule, cause, message) in enumerate(zip(*lists, strict=True))
            if effect == "deny"
        ]
        self.total = len(lists[0])

    @property
    def denials(self) -> dict[str, int]:
        """How many rows each rule, or if there is none each cause, has denied."""
        counts: dict[str, int] = {}
        for _row, rule, _cause, _message in self.rows:
            counts[rule] = counts.get(rule, 0) + 1
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def __repr__(self) -> str:
        lines = [f"{self.total - len(self.rows)} of {self.total} rows permitted"]
        lines += [f"{count:8} denied: {rule}" for rule, count in self.denials.items()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        most = max(self.denials.values(), default=1)
        bars = "".join(
            f"<tr><td style='text-align:left'>{escape(rule)}</td><td style='text-align:left'>"
            f"<svg width='220' height='14'><rect width='{200 * count / most:.0f}' height='14' "
            f"fill='#cf222e'/></svg> {count}</td></tr>"
            for rule, count in self.denials.items()
        )
        rows = "".join(
            f"<tr><td>{row}</td><td>{escape(cause)}</td><td>{escape(rule)}</td>"
            f"<td style='text-align:left'>{escape(message)}</td></tr>"
            for row, rule, cause, message in self.rows[:_MOST_ROWS]
        )
        more = len(self.rows) - _MOST_ROWS
        note = f"<p>… and {more} more</p>" if more > 0 else ""
        head = "<tr><th>row</th><th>cause</th><th>rule</th><th>message</th></tr>"
        return (
            f"<p><b>{self.total - len(self.rows)}</b> of {self.total} rows permitted</p>"
            f"<table>{bars}</table><table>{head}{rows}</table>{note}"
        )


def add_magic(shell: Any) -> None:
    """Called by ``%load_ext licet``."""

    def licet(line: str, cell: str) -> Any:
        return run_cell(shell, line, cell)

    shell.register_magic_function(licet, magic_kind="cell", magic_name="licet")
