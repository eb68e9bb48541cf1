"""Filters say of rows what decisions say of them, one by one, nulls included."""

from __future__ import annotations

import sqlite3
from typing import Any

import duckdb
import hypothesis.strategies as st
import licet
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from conftest import engine_of
from hypothesis import given, settings

SCHEMA = """
schema dataset { owner?: string, level: int, region?: string, kind?: "a" | "b" }
"""
RULES = [
    "permit own if { dataset.owner == user.team; dataset.level <= user.level }",
    "permit open if dataset.open",
    "permit any_of if dataset.region in user.regions",
    "permit granted if { some grant in data.grants; grant.team == user.team; "
    "grant.owner == dataset.owner }",
    "permit rule if small",
    "permit known if { is_admin; dataset.level != 2 }",
    "permit absent if not dataset.open",
    "permit columns if dataset.level > dataset.other",
    "permit everybody if user.level >= 0",
    "forbid closed if dataset.open == false",
    'forbid away if not dataset.region in {"eu", "us"}',
    "forbid high if { dataset.level > 2; not is_admin }",
    'forbid kind if dataset.kind == "b"',
    "forbid missing if { user.unknown == 1; dataset.level == 3 }",
    "forbid two if { dataset.level == 1; dataset.other == 1 }",
    "forbid some_owner if { some owner in data.bad; dataset.owner == owner }",
]
HELPERS = """
small if dataset.level < 1
small if { dataset.level == 3; dataset.region == "eu" }
default is_admin := false
is_admin if count({r | some r in user.roles; r == "admin"}) > 0
"""
DATA = {"grants": [{"team": "t", "owner": "x"}, {"team": "u", "owner": "y"}], "bad": ["z"]}
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "owner": st.sampled_from(["t", "x", "y", "z", None]),
            "level": st.sampled_from([0, 1, 2, 3, None]),
            "region": st.sampled_from(["eu", "us", "cn", None]),
            "open": st.sampled_from([True, False, None]),
            "other": st.sampled_from([0, 1, 2, None]),
            "kind": st.sampled_from(["a", "b", None]),
        }
    ),
    max_size=8,
)
USERS = st.fixed_dictionaries(
    {"team": st.sampled_from(["t", "u"]), "level": st.integers(-1, 3)},
    optional={
        "regions": st.lists(st.sampled_from(["eu", "cn"]), max_size=2),
        "roles": st.lists(st.sampled_from(["admin", "dev"]), max_size=2),
    },
)
TYPES = pa.schema(
    [
        ("owner", pa.string()), ("level", pa.int64()), ("region", pa.string()),
        ("open", pa.bool_()), ("other", pa.int64()), ("kind", pa.string()), ("n", pa.int64()),
    ]
)  # fmt: skip


def permitted(engine: licet.Engine, user: dict[str, Any], rows: list[dict[str, Any]]) -> list[int]:
    found = []
    for number, row in enumerate(rows):
        dataset = {key: value for key, value in row.items() if value is not None}
        try:
            if engine.decide(user=user, dataset=dataset):
                found.append(number)
        except licet.RequestError:
            pass
    return found


@given(
    rules=st.lists(st.sampled_from(RULES), min_size=1, max_size=4, unique=True),
    user=USERS,
    rows=ROWS,
)
@settings(max_examples=100, deadline=None)
def test_filters_and_decisions_agree(
    rules: list[str], user: dict[str, Any], rows: list[dict[str, Any]]
) -> None:
    engine = engine_of("\n".join([HELPERS, *rules]), data=DATA)
    wanted = permitted(engine, user, rows)
    condition = engine.filter(unknown="dataset", user=user)
    table = pa.Table.from_pylist([{**row, "n": n} for n, row in enumerate(rows)], schema=TYPES)
    assert table.filter(condition.to_arrow())["n"].to_pylist() == wanted
    assert pl.DataFrame(table).filter(condition.to_polars())["n"].to_list() == wanted
    frame = pd.DataFrame([{**row, "n": n} for n, row in enumerate(rows)], columns=TYPES.names)
    assert frame[condition.to_pandas(frame)]["n"].to_list() == wanted
    with sqlite3.connect(":memory:") as database:
        database.execute(f"CREATE TABLE rows ({', '.join(TYPES.names)})")
        database.executemany(
            "INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?)",
            [[*(row[name] for name in TYPES.names[:-1]), n] for n, row in enumerate(rows)],
        )
        query = f"SELECT n FROM rows WHERE {condition.to_sql('sqlite')} ORDER BY n"
        assert [n for (n,) in database.execute(query)] == wanted


def test_the_schema_says_what_may_be_missing() -> None:
    rules = 'permit a if true\nforbid b if dataset.region == "cn"\nforbid c if dataset.level == 9'
    with_schema = engine_of(SCHEMA + rules).filter(unknown="dataset")
    without = engine_of(rules).filter(unknown="dataset")
    rows = pa.table({"region": pa.array([None, "cn", "eu"]), "level": pa.array([1, 1, None])})
    assert rows.filter(with_schema.to_arrow()).num_rows == 1
    assert rows.filter(without.to_arrow()).num_rows == 0


def test_an_attribute_that_is_no_boolean_is_asked_whether_it_is_there() -> None:
    engine = engine_of(f"{SCHEMA}permit a if {{ dataset.region; dataset.owner }}")
    condition = engine.filter(unknown="dataset")
    rows = pa.table({"region": ["eu", None, "false"], "owner": ["x", "y", None]})
    assert rows.filter(condition.to_arrow()).num_rows == 1


def test_lists_and_nested_columns() -> None:
    engine = engine_of('permit a if { "x" in dataset.tags; dataset.owner.team == user.team }')
    condition = engine.filter(unknown="dataset", user={"team": "t"})
    rows = [
        {"tags": ["x"], "owner": {"team": "t"}},
        {"tags": ["y"], "owner": {"team": "t"}},
        {"tags": ["x"], "owner": {"team": None}},
        {"tags": None, "owner": None},
    ]
    assert pl.DataFrame(rows).filter(condition.to_polars()).height == 1
    frame = pd.DataFrame(rows)
    assert condition.to_pandas(frame).to_list() == [True, False, False, False]
    table = pa.Table.from_pylist(rows)
    relation = duckdb.from_arrow(table)
    assert len(relation.filter(condition.to_sql("duckdb")).fetchall()) == 1
    with pytest.raises(licet.FilterError, match="Arrow"):
        condition.to_arrow()
    assert '"team_of"' in condition.to_sql("postgres", {"owner.team": "team_of"})


def test_what_is_known_is_decided() -> None:
    engine = engine_of("permit a if user.level > 1\npermit b if { user.level == 0; dataset.x }")
    assert engine.filter(unknown="dataset", user={"level": 2}).always
    assert engine.filter(unknown="dataset", user={"level": 1}).never
    assert engine.filter(unknown="dataset", user={}).never
    assert repr(engine.filter(unknown="dataset", user={"level": 0})) == "<licet.Filter x>"


@pytest.mark.parametrize(
    ("rule", "clause"),
    [
        ('permit a if startswith(dataset.name, "x")', 'startswith(dataset.name, "x")'),
        ("permit a if count(dataset) > 1", "dataset"),
        ("permit a if dataset[user.x] == dataset.y[0]", "dataset.y[0]"),
        ("permit a if some x in dataset.xs", "some x in dataset.xs"),
        ("permit a if every x in [1] { dataset.y == x }", "every x in [1] { dataset.y == x }"),
        ("permit a if f(dataset.x)\nf(x) if x > 1", "f(dataset.x)"),
        ('permit a if p.x == 1\np := {"x": dataset.x}', "p.x"),
        ("permit a if dataset.x with input.user as 1", "dataset.x with input.user as 1"),
        ('permit a if true obliges {"x": dataset.x}', '{"x": dataset.x}'),
    ],
)
def test_what_cannot_be_said_is_refused_with_its_clause(rule: str, clause: str) -> None:
    with pytest.raises(licet.FilterError) as raised:
        engine_of(rule).filter(unknown="dataset", user={"x": "k"})
    assert clause in (raised.value.clause, *raised.value.clause.splitlines())
    assert (raised.value.file, raised.value.line) == ("p.licet", 2)


def test_conflicts_of_what_is_known_are_no_filter() -> None:
    engine = engine_of("x := 1 if user.a\nx := 2 if user.b\npermit a if dataset.y == x")
    with pytest.raises(licet.FilterError, match="conflict"):
        engine.filter(unknown="dataset", user={"a": True, "b": True})
    with pytest.raises(TypeError):
        engine.filter(unknown="user", user={})
