"""What decisions consist of, and how they look."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from licet._licet import Decision


class Rule(NamedTuple):
    """A rule that determined a decision."""

    verdict: str
    package: str
    name: str
    file: str
    line: int

    @property
    def qualified_name(self) -> str:
        """``package.name``."""
        return f"{self.package}.{self.name}"

    def __str__(self) -> str:
        return f"{self.verdict} {self.qualified_name} ({self.file}:{self.line})"


class ExplainedLiteral(NamedTuple):
    """What one literal of a rule came to."""

    rule: str
    body: int
    text: str
    file: str
    line: int
    column: int
    begun: int
    held: int
    failed: int
    unknown: int
    when_held: list[tuple[str, str | None]]
    when_failed: list[tuple[str, str | None]]

    @property
    def outcome(self) -> str:
        """``held``, ``failed``, ``unknown`` or ``not reached``."""
        if self.held:
            return "held"
        if self.unknown:
            return "unknown"
        return "failed" if self.begun else "not reached"

    @property
    def values(self) -> list[tuple[str, str | None]]:
        """The references of the literal and their values as JSON; None where there was none."""
        return self.when_held if self.held else self.when_failed


_MARKS = {"held": "✓", "failed": "✗", "unknown": "?", "not reached": "·"}


class Explanation:
    """Which literals of which rules held, with the values that they saw."""

    def __init__(self, decision: Decision, literals: list[ExplainedLiteral]) -> None:
        self.decision = decision
        self.literals = literals

    def _bodies(self) -> dict[tuple[str, int], list[ExplainedLiteral]]:
        bodies: dict[tuple[str, int], list[ExplainedLiteral]] = {}
        for literal in self.literals:
            bodies.setdefault((literal.rule, literal.body), []).append(literal)
        return {
            key: literals
            for key, literals in bodies.items()
            if any(literal.begun for literal in literals)
        }

    def __str__(self) -> str:
        lines = [f"{self.decision.effect}: {self.decision.cause} - {self.decision.reason}"]
        for (rule, _body), literals in self._bodies().items():
            lines.append(f"{rule} ({literals[0].file}:{literals[0].line})")
            for literal in literals:
                text = " ".join(literal.text.split())
                lines.append(f"  {_MARKS[literal.outcome]} {text}{_values_text(literal)}")
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = []
        for (rule, _body), literals in self._bodies().items():
            for literal in literals:
                rows.append(
                    f"<tr><td>{_MARKS[literal.outcome]}</td><td>{escape(rule)}</td>"
                    f"<td><code>{escape(literal.text)}</code></td>"
                    f"<td>{escape(_values_text(literal).strip())}</td></tr>"
                )
        head = "<tr><th></th><th>rule</th><th>literal</th><th>values</th></tr>"
        return f"{decision_html(self.decision)}<table>{head}{''.join(rows)}</table>"


def _values_text(literal: ExplainedLiteral) -> str:
    if literal.outcome == "not reached":
        return ""
    parts = [
        f"{text} has no value" if value is None else f"{text} = {value}"
        for text, value in literal.values
    ]
    return f"    {', '.join(parts)}" if parts else ""


def explanation_of(decision: Decision, literals: list[ExplainedLiteral]) -> Explanation:
    """Called by the compiled module."""
    return Explanation(decision, literals)


def decision_repr(decision: Decision) -> str:
    """One line: the effect, the cause and the reason."""
    return f"<Decision {decision.effect}: {decision.cause}, {decision.reason!r}>"


def decision_dict(decision: Decision) -> dict[str, object]:
    """All of a decision, as JSON can write it."""
    return {
        "effect": decision.effect,
        "cause": decision.cause,
        "reason": decision.reason,
        "rules": [rule._asdict() for rule in decision.rules],
        "messages": list(decision.messages),
        "controls": list(decision.controls),
        "obligations": decision.obligations,
        "warnings": list(decision.warnings),
        "revision": decision.revision,
        "id": decision.id,
        "error": decision.error,
    }


def decision_html(decision: Decision) -> str:
    """For notebooks."""
    colour = "#1a7f37" if decision else "#cf222e"
    rows = [
        ("cause", decision.cause),
        ("reason", decision.reason),
        ("rules", ", ".join(str(rule) for rule in decision.rules)),
        ("controls", ", ".join(decision.controls)),
        ("obligations", str(decision.obligations) if decision.obligations else ""),
        ("warnings", "; ".join(decision.warnings)),
        ("id", decision.id),
    ]
    body = "".join(
        f"<tr><th style='text-align:left'>{name}</th>"
        f"<td style='text-align:left'>{escape(value)}</td></tr>"
        for name, value in rows
        if value
    )
    head = f"<b style='color:{colour}'>{escape(decision.effect)}</b>"
    return f"<div>{head}<table>{body}</table></div>"
