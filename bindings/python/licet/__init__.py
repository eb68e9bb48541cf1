"""Permit or deny, and why: policy decisions inside the process.

>>> import licet
>>> engine = licet.load(sources={"registry.licet": '''
... package registry
... permit read if request.action == "read"
... forbid interns if "intern" in user.roles because $"{user.id} is an intern"
... '''})
>>> decision = engine.decide(user={"id": "ben", "roles": ["intern"]}, request={"action": "read"})
>>> bool(decision), decision.cause, decision.reason
(False, 'forbidden', 'ben is an intern')
"""

from __future__ import annotations

import os as _os
from typing import TYPE_CHECKING, Any

from licet import _licet
from licet._engine import CacheStatistics, Engine, Limits, Prepared, load
from licet._errors import (
    Denied,
    EngineClosed,
    EvaluationError,
    FilterError,
    LicetError,
    LogError,
    PolicyError,
    Problem,
    RequestError,
)
from licet._licet import Decision
from licet._results import Rule
from licet._shapes import register

if TYPE_CHECKING:
    from licet._guard import guard as guard
    from licet._log import Log as Log
    from licet._log import LogReport as LogReport
    from licet._log import LogStatistics as LogStatistics
    from licet._log import read_log as read_log
    from licet._log import verify_log as verify_log
    from licet._watch import Watcher as Watcher

__version__ = "0.1.0"

__all__ = [
    "CacheStatistics",
    "Decision",
    "Denied",
    "Engine",
    "EngineClosed",
    "EvaluationError",
    "FilterError",
    "LicetError",
    "Limits",
    "Log",
    "LogError",
    "LogReport",
    "LogStatistics",
    "PolicyError",
    "Prepared",
    "Problem",
    "RequestError",
    "Rule",
    "Watcher",
    "guard",
    "load",
    "read_log",
    "register",
    "verify_log",
]

# Imported when they are first asked for: they are slow to import, and not every user wants them.
_LAZY = {
    "Log": "licet._log",
    "LogReport": "licet._log",
    "LogStatistics": "licet._log",
    "Watcher": "licet._watch",
    "guard": "licet._guard",
    "read_log": "licet._log",
    "verify_log": "licet._log",
}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        import importlib

        value = getattr(importlib.import_module(_LAZY[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def load_ipython_extension(shell: Any) -> None:
    """``%load_ext licet``: adds the cell magic ``%%licet``."""
    from licet.notebook import add_magic

    add_magic(shell)


_os.register_at_fork(after_in_child=_licet._after_fork)
