"""Functions that run only if a policy permits it."""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from licet._engine import Engine
from licet._errors import Denied

_P = ParamSpec("_P")
_R = TypeVar("_R")
_ROOTS = ("user", "model", "dataset", "request")


def guard(engine: Engine, **roots: object) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Decides before each call of a function; raises :class:`licet.Denied` instead of calling it.

    A root is a parameter of the function if it is a string (its name), what a callable makes of all
    the arguments, or else the value itself. Parameters called ``user``, ``model``, ``dataset`` and
    ``request`` are roots without being named. Works for functions and for coroutine functions.

    >>> import licet
    >>> engine = licet.load(sources={"p.licet": '''package p
    ... permit owner if { request.action == "deploy"; model.owner == user.id }'''})
    >>> @licet.guard(engine, user="who", request={"action": "deploy"})
    ... def deploy(who, model):
    ...     return "deployed"
    >>> deploy({"id": "ana"}, model={"owner": "ana"})
    'deployed'
    >>> deploy({"id": "ben"}, model={"owner": "ana"})
    Traceback (most recent call last):
        ...
    licet._errors.Denied: no permit applies
    """

    def decorate(function: Callable[_P, _R]) -> Callable[_P, _R]:
        signature = inspect.signature(function)
        sources = _sources_of_roots(roots, signature)

        def decide(args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            found: dict[str, Any] = {
                name: source(bound.arguments) for name, source in sources.items()
            }
            decision = engine.decide(**found)
            if not decision:
                raise Denied(decision)

        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def guarded_coroutine(*args: _P.args, **kwargs: _P.kwargs) -> Any:
                if engine.log is None:
                    decide(args, kwargs)
                else:  # it may wait for a disk
                    await asyncio.to_thread(decide, args, kwargs)
                return await function(*args, **kwargs)

            return cast("Callable[_P, _R]", guarded_coroutine)

        @functools.wraps(function)
        def guarded(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            decide(args, kwargs)
            return function(*args, **kwargs)

        return guarded

    return decorate


def _sources_of_roots(
    roots: dict[str, object], signature: inspect.Signature
) -> dict[str, Callable[[dict[str, Any]], object]]:
    sources: dict[str, Callable[[dict[str, Any]], object]] = {}
    for name in _ROOTS:
        if name in signature.parameters and name not in roots:
            sources[name] = _parameter(name)
    for name, root in roots.items():
        if isinstance(root, str):
            if root not in signature.parameters:
                raise TypeError(f"{name}: the function has no parameter {root!r}")
            sources[name] = _parameter(root)
        elif callable(root):
            sources[name] = cast("Callable[[dict[str, Any]], object]", root)
        else:
            sources[name] = _constant(root)
    return sources


def _parameter(name: str) -> Callable[[dict[str, Any]], object]:
    return lambda arguments: arguments[name]


def _constant(value: object) -> Callable[[dict[str, Any]], object]:
    return lambda _arguments: value
