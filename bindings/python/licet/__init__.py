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
from licet._engine import Engine, Limits, Prepared, load
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
    from licet._watch import Watcher as Watcher

__version__ = "0.1.0"

__all__ = [
    "Decision",
    "Denied",
    "Engine",
    "EngineClosed",
    "EvaluationError",
    "FilterError",
    "LicetError",
    "Limits",
    "LogError",
    "PolicyError",
    "Prepared",
    "Problem",
    "RequestError",
    "Rule",
    "Watcher",
    "guard",
    "load",
    "register",
]

# Imported when they are first asked for: they are slow to import, and not every user wants them.
_LAZY = {"guard": "licet._guard", "Watcher": "licet._watch"}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        import importlib

        value = getattr(importlib.import_module(_LAZY[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def load_ipython_extension(shell: Any) -> None:
    """``%load_ext licet``: adds the cell magic ``%%licet``."""
    from licet import notebook

    notebook.load_ipython_extension(shell)


_os.register_at_fork(after_in_child=_licet._after_fork)
