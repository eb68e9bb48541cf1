"""What can go wrong, by who is wrong: the policy, the request, the log, or the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from licet._licet import Decision


class Problem(NamedTuple):
    """One thing that the compiler says about a policy."""

    code: str
    severity: str
    file: str
    line: int
    column: int
    message: str
    help: str


class LicetError(Exception):
    """Any error of Licet."""


class EngineClosed(LicetError):
    """The engine was closed."""


class PolicyError(LicetError):
    """Policies or data that cannot be loaded.

    ``problems`` are the compiler's, one by one; ``text`` shows them with the lines of the policies.
    """

    def __init__(
        self,
        message: str,
        *,
        problems: tuple[Problem, ...] = (),
        text: str = "",
        help: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.problems = problems
        self.text = text
        self.help = help

    def __str__(self) -> str:
        parts = [self.message]
        if self.text:
            parts.append(self.text.rstrip("\n"))
        if self.help:
            parts.append(f"help: {self.help}")
        return "\n".join(parts)

    def __reduce__(self) -> tuple[object, ...]:
        return _policy_error, (self.message, self.problems, self.text, self.help)


def _policy_error(message: str, problems: tuple[Problem, ...], text: str, help: str) -> PolicyError:
    return PolicyError(message, problems=problems, text=text, help=help)


class RequestError(LicetError, ValueError):
    """A request that cannot be decided about: it does not fit, and is a deny.

    ``path`` is where (``user.roles[2]``), ``expected`` and ``found`` are what; ``decision`` is the
    deny with the cause ``invalid_request``, or None where there was nothing to decide yet.
    """

    def __init__(
        self,
        message: str,
        *,
        path: str = "",
        expected: str = "",
        found: str = "",
        decision: Decision | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.expected = expected
        self.found = found
        self.decision = decision

    def __reduce__(self) -> tuple[object, ...]:
        return _request_error, (self.message, self.path, self.expected, self.found)


def _request_error(message: str, path: str, expected: str, found: str) -> RequestError:
    return RequestError(message, path=path, expected=expected, found=found)


class EvaluationError(LicetError):
    """A query that ended without an answer: a conflict, or a budget that ran out."""

    def __init__(self, message: str, *, code: str = "", file: str = "", line: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.file = file
        self.line = line

    def __reduce__(self) -> tuple[object, ...]:
        return _evaluation_error, (self.message, self.code, self.file, self.line)


def _evaluation_error(message: str, code: str, file: str, line: int) -> EvaluationError:
    return EvaluationError(message, code=code, file=file, line=line)


class FilterError(LicetError):
    """What must hold cannot be said as a filter. ``clause`` is the part that stands in the way."""

    def __init__(self, message: str, *, clause: str = "", file: str = "", line: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.clause = clause
        self.file = file
        self.line = line

    def __reduce__(self) -> tuple[object, ...]:
        return _filter_error, (self.message, self.clause, self.file, self.line)


def _filter_error(message: str, clause: str, file: str, line: int) -> FilterError:
    return FilterError(message, clause=clause, file=file, line=line)


class LogError(LicetError):
    """The decision log failed; what it should hold was not released.

    ``code`` is what failed (``log_full``, ``log_io_error``, ``log_closed`` and so on), ``help``
    what to do. ``decision`` is the deny that stands in for what could not be logged, or None where
    nothing was decided.
    """

    def __init__(
        self, message: str, *, code: str = "", help: str = "", decision: Decision | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.help = help
        self.decision = decision

    def __str__(self) -> str:
        return f"{self.message}\nhelp: {self.help}" if self.help else self.message

    def __reduce__(self) -> tuple[object, ...]:
        return _log_error, (self.message, self.code, self.help)


def _log_error(message: str, code: str, help: str) -> LogError:
    return LogError(message, code=code, help=help)


class Denied(LicetError, PermissionError):
    """A guarded function was not called. ``decision`` says why."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.reason)
        self.decision = decision
