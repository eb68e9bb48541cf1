"""What objects of Python are to a policy."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import ipaddress
import json
import types
import uuid
from collections import OrderedDict, UserDict, defaultdict, namedtuple
from typing import Any

import hypothesis.strategies as st
import licet
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pydantic
import pytest
from conftest import engine_of
from hypothesis import given, settings


@pytest.fixture(scope="module")
def seen() -> Any:
    engine = licet.load(sources={"p.rego": "package p\nx := input"})
    return lambda value: engine.query("data.p.x", value)


class Colour(enum.Enum):
    RED = "red"


class Level(enum.IntEnum):
    HIGH = 3


class Name(str, enum.Enum):
    ANA = "ana"


UTC = datetime.timezone.utc
MOMENT = datetime.datetime(2024, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)
NS = 1714979289123456000


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (True, True),
        (3, 3),
        (-(2**63), -(2**63)),
        (2**64 + 1, 2**64 + 1),
        (-(10**400), -(10**400)),
        (0.1, 0.1),
        (1e-300, 1e-300),
        (1e300, 10**300),
        (-0.0, 0),
        ("ü\x00x", "ü\x00x"),
        ("", ""),
        ((1, "a"), [1, "a"]),
        ({3, 1, 2}, [1, 2, 3]),
        (frozenset({"b", "a"}), ["a", "b"]),
        ({"a": {"b": [None]}}, {"a": {"b": [None]}}),
        (OrderedDict(a=1), {"a": 1}),
        (defaultdict(list, a=1), {"a": 1}),
        (UserDict(a=1), {"a": 1}),
        (types.MappingProxyType({"a": 1}), {"a": 1}),
        (namedtuple("P", "x y")(1, 2), {"x": 1, "y": 2}),
        (Colour.RED, "red"),
        (Level.HIGH, 3),
        (Name.ANA, "ana"),
        ({Name.ANA: 1}, {"ana": 1}),
        (decimal.Decimal("0.10"), 0.1),
        (decimal.Decimal("-1E+3"), -1000),
        (decimal.Decimal("0.1234567890123456789"), decimal.Decimal("0.1234567890123456789")),
        (MOMENT, NS),
        (MOMENT.astimezone(datetime.timezone(datetime.timedelta(hours=5))), NS),
        (datetime.timedelta(milliseconds=1), 1_000_000),
        (datetime.datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), -1000),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (ipaddress.ip_address("10.0.0.1"), "10.0.0.1"),
        (ipaddress.ip_network("10.0.0.0/8"), "10.0.0.0/8"),
        (np.int64(3), 3),
        (np.uint64(2**64 - 1), 2**64 - 1),
        (np.float64(0.5), 0.5),
        (np.float32(0.5), 0.5),
        (np.bool_(True), True),
        (np.str_("x"), "x"),
        (np.datetime64("2024-05-06T07:08:09.123456"), NS),
        (np.array([[1, 2], [3, 4]]), [[1, 2], [3, 4]]),
        (pd.Timestamp(MOMENT), NS),
        (pd.Timestamp(NS + 1, tz="UTC"), NS + 1),
        (pd.Series([1, 2]), [1, 2]),
        (pl.Series([1, None]), [1, None]),
        (pa.scalar("x"), "x"),
        (pa.array([1, 2]), [1, 2]),
    ],
    ids=repr,
)
def test_values_are_what_they_say(seen: Any, value: object, wanted: object) -> None:
    answer = seen(value)
    assert answer == wanted
    assert type(answer) is type(wanted)


@dataclasses.dataclass
class User:
    id: str
    roles: list[str]
    password: str = "secret"


class Model(pydantic.BaseModel):
    id: str
    risk: Level = Level.HIGH


class Open(pydantic.BaseModel, extra="allow"):
    id: str


def test_dataclasses_and_models_are_objects(seen: Any) -> None:
    assert seen(User("a", ["x"])) == {"id": "a", "roles": ["x"], "password": "secret"}
    assert seen(Model(id="m")) == {"id": "m", "risk": 3}
    assert seen(Open(id="m", more=1)) == {"id": "m", "more": 1}  # type: ignore[call-arg]


def test_of_objects_only_what_is_read_is_touched() -> None:
    class Lazy:
        __dataclass_fields__ = User.__dataclass_fields__
        id = "ana"
        roles = ("dev",)

        @property
        def password(self) -> str:
            raise AssertionError("nobody asked")

    engine = engine_of('permit a if { user.id == "ana"; "dev" in user.roles }')
    assert engine.decide(user=Lazy())


def test_objects_may_have_more_fields_than_the_schema(typed: licet.Engine) -> None:
    assert typed.decide(user=User("a", ["dev"]), request={"action": "read"})


def test_times_reach_policies_as_nanoseconds() -> None:
    engine = engine_of(
        "schema request { time: time }\n"
        "permit morning if { [h, _, _] := time.clock(request.time); h == 7 }"
    )
    assert engine.decide(request={"time": MOMENT})
    assert engine.decide(request={"time": pd.Timestamp(MOMENT)})
    assert not engine.decide(request={"time": MOMENT + datetime.timedelta(hours=1)})


def test_a_registered_type_is_converted() -> None:
    class Celsius:
        def __init__(self, degrees: float) -> None:
            self.degrees = degrees

    engine = engine_of("permit warm if request.temperature > 20")
    with pytest.raises(licet.RequestError, match="Celsius"):
        engine.decide(request={"temperature": Celsius(25)})
    licet.register(Celsius, lambda celsius: celsius.degrees)
    assert engine.decide(request={"temperature": Celsius(25)})
    with pytest.raises(TypeError):
        licet.register("Celsius", float)  # type: ignore[arg-type]


class Key(str):
    """A key that is equal to a string and is none exactly."""


KEYS = ["id", "roles", "level", "n", "ü", "address", *(f"extra{i}" for i in range(12))]


@given(st.lists(st.tuples(st.permutations(KEYS), st.integers(0, len(KEYS)), st.booleans())))
@settings(max_examples=100, deadline=None)
def test_the_order_of_keys_and_other_keys_do_not_matter(
    turns: list[tuple[list[str], int, bool]],
) -> None:
    engine = engine_of(
        'permit a if { user.id == "ana"; "dev" in user.roles; user.level > 1; user["ü"] }\n'
        'permit b if { user.address.city == "x"; user.n == null }'
    )
    values = {"id": "ana", "roles": ["dev"], "level": 2, "n": None, "ü": True}
    values["address"] = {"street": "y", "city": "x"}
    for order, size, is_named in turns:
        user = {key: values.get(key, 0) for key in order[:size]}
        wanted = engine.decide(json.dumps({"user": user}))
        given_user = {Key(key): value for key, value in user.items()} if is_named else user
        found = engine.decide(user=given_user)
        assert (found.cause, found.rules) == (wanted.cause, wanted.rules)
