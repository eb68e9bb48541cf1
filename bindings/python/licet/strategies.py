"""Hypothesis strategies made from the schema of the policies.

>>> import licet
>>> from licet.strategies import requests
>>> engine = licet.load(sources={"p.licet": '''package p
... schema user { id: string, level?: int }
... permit high if user.level > 3'''})
>>> from hypothesis import given, settings
>>> @settings(max_examples=20, database=None)
... @given(requests(engine))
... def whoever_is_permitted_is_high(request):
...     assert not engine.decide(request) or request["user"]["level"] > 3
>>> whoever_is_permitted_is_high()
"""

from __future__ import annotations

import ipaddress
from typing import Any

import hypothesis.strategies as st

from licet._engine import Engine

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | _TEXT
_ANY = st.recursive(
    _SCALARS, lambda inner: st.lists(inner) | st.dictionaries(_TEXT, inner), max_leaves=5
)
_SIMPLE: dict[str, st.SearchStrategy[Any]] = {
    "any": _ANY,
    "null": st.none(),
    "bool": st.booleans(),
    "int": st.integers(),
    "number": st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    "string": _TEXT,
    "ip": st.ip_addresses().map(str),
    "cidr": st.builds(
        lambda address, prefix: str(ipaddress.ip_network((address, prefix), strict=False)),
        st.ip_addresses(v=4),
        st.integers(0, 32),
    ),
    "uuid": st.uuids().map(str),
    "time": st.integers(0, 2**62),
}


def requests(engine: Engine) -> st.SearchStrategy[dict[str, Any]]:
    """Whole requests that fit the schema; for ``engine.decide(request)``."""
    roots = engine._schema()["roots"]
    return st.fixed_dictionaries({name: root(engine, name) for name in roots})


def root(engine: Engine, name: str) -> st.SearchStrategy[Any]:
    """Values of one root that fit the schema, as ``root(engine, "user")``."""
    schema = engine._schema()
    if name not in schema["roots"]:
        raise KeyError(f"no schema describes {name!r}")
    made: dict[int, st.SearchStrategy[Any]] = {}
    return _of_type(schema["roots"][name], schema["types"], made)


def _of_type(
    index: int, types: list[Any], made: dict[int, st.SearchStrategy[Any]]
) -> st.SearchStrategy[Any]:
    if index not in made:
        # Types may contain themselves, so a type is looked up when a value is drawn.
        made[index] = st.deferred(lambda: _strategy(types[index], types, made))
    return made[index]


def _strategy(
    type_: tuple[str, Any, list[int], list[tuple[str, int, bool]]],
    types: list[Any],
    made: dict[int, st.SearchStrategy[Any]],
) -> st.SearchStrategy[Any]:
    kind, literal, members, fields = type_
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    if kind == "literal":
        return st.just(literal)
    inner = [_of_type(member, types, made) for member in members]
    if kind == "union":
        return st.one_of(inner)
    if kind == "list":
        return st.lists(inner[0], max_size=5)
    if kind == "map":
        return st.dictionaries(_TEXT, inner[0], max_size=5)
    values = {name: (_of_type(field, types, made), optional) for name, field, optional in fields}
    return st.fixed_dictionaries(
        {name: value for name, (value, optional) in values.items() if not optional},
        optional={name: value for name, (value, optional) in values.items() if optional},
    )
