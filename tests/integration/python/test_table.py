"""Tables are decided like their rows, one by one."""

from __future__ import annotations

from typing import Any

import duckdb
import hypothesis.strategies as st
import licet
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from conftest import engine_of
from hypothesis import HealthCheck, given, settings

RULES = """
permit own if { user.department == dataset.owner; user.clearance >= dataset.level }
permit open if dataset.level == 0
permit tagged if "public" in dataset.tags
forbid interns if { "intern" in user.roles } because $"{user.department} has interns"
forbid old if dataset.made < 0
"""
SCHEMA = """
schema user { department?: "a" | "b", clearance?: int, roles: list[string] }
schema dataset { owner?: string, level: int, tags?: list[string], made?: time, score?: number }
"""

USER = st.fixed_dictionaries(
    {
        "department": st.sampled_from(["a", "b", "c", None]),
        "clearance": st.none() | st.integers(-3, 3),
        "roles": st.none() | st.lists(st.sampled_from(["intern", "dev", "ü"]), max_size=2),
    }
)
DATASET = st.fixed_dictionaries(
    {
        "owner": st.sampled_from(["a", "b", None]),
        "level": st.none() | st.integers(0, 3),
        "tags": st.none() | st.lists(st.sampled_from(["public", "x", None]), max_size=2),
        "made": st.none() | st.integers(-2, 2),
        "score": st.none() | st.floats(-1, 1, width=32),
    }
)
ROWS = st.lists(st.fixed_dictionaries({"user": USER | st.none(), "dataset": DATASET}), max_size=20)
TYPE_OF_USER = pa.struct(
    [("department", pa.string()), ("clearance", pa.int32()), ("roles", pa.list_(pa.string()))]
)
TYPE_OF_DATASET = pa.struct(
    [
        ("owner", pa.dictionary(pa.int8(), pa.string())),
        ("level", pa.uint16()),
        ("tags", pa.large_list(pa.large_string())),
        ("made", pa.timestamp("ns")),
        ("score", pa.float32()),
    ]
)


def without_nulls(record: dict[str, Any] | None) -> dict[str, Any]:
    return {key: value for key, value in (record or {}).items() if value is not None}


def decide_row(engine: licet.Engine, row: dict[str, Any]) -> tuple[str, str, str, str]:
    roots = {name: without_nulls(record) for name, record in row.items() if record is not None}
    try:
        decision = engine.decide(roots)
    except licet.RequestError as error:
        decision = error.decision  # type: ignore[assignment]
    rules = ", ".join(rule.qualified_name for rule in decision.rules)
    return decision.effect, decision.cause, rules, decision.reason


def columns_of(result: Any) -> list[tuple[Any, ...]]:
    names = ("effect", "cause", "rule", "message")
    return list(zip(*(result[name].to_pylist() for name in names), strict=True))


@pytest.fixture(scope="module", params=["no schema", "schema"])
def engine(request: pytest.FixtureRequest) -> licet.Engine:
    return engine_of((SCHEMA if request.param == "schema" else "") + RULES)


@given(rows=ROWS, offset=st.integers(0, 3))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_tables_and_rows_are_decided_alike(
    engine: licet.Engine, rows: list[dict[str, Any]], offset: int
) -> None:
    wanted = [decide_row(engine, row) for row in rows]
    users = pa.array([row["user"] for row in rows], TYPE_OF_USER)
    datasets = pa.array([row["dataset"] for row in rows], TYPE_OF_DATASET)
    nested = pa.table({"user": users, "dataset": datasets, "other": pa.nulls(len(rows))})
    assert columns_of(engine.decide_table(nested)) == wanted
    sliced = columns_of(engine.decide_table(nested.slice(offset)))
    assert sliced == wanted[offset:]
    chunks = pa.concat_tables([nested.slice(0, offset), nested.slice(offset)])
    assert columns_of(engine.decide_table(chunks, threads=3)) == wanted
    columns = {"dataset": datasets}
    for i, field in enumerate(TYPE_OF_USER):
        columns[f"user.{field.name}"] = pa.compute.struct_field(users, i)
    flat = [decide_row(engine, {**row, "user": without_nulls(row["user"]) or None}) for row in rows]
    assert columns_of(engine.decide_table(pa.table(columns))) == flat


def frame_of() -> dict[str, list[Any]]:
    return {"user.department": ["a", "b", None], "dataset.owner": ["a", "a", "a"], "n": [1, 2, 3]}


@pytest.mark.parametrize(
    ("make", "wanted"),
    [
        (pa.table, pa.Table),
        (pd.DataFrame, pd.DataFrame),
        (pl.DataFrame, pl.DataFrame),
        (pl.LazyFrame, pl.DataFrame),
    ],
)
def test_every_make_of_table_is_answered_in_kind(make: Any, wanted: type) -> None:
    engine = engine_of("permit own if user.department == dataset.owner")
    answer = engine.decide_table(make(frame_of()))
    assert isinstance(answer, wanted)
    assert [str(effect) for effect in answer["effect"]] == ["permit", "deny", "deny"]


def test_duckdb_relations_are_tables() -> None:
    engine = engine_of("permit own if user.department == dataset.owner")
    frame = pd.DataFrame(frame_of())  # noqa: F841 - DuckDB finds it by its name
    relation = duckdb.sql("SELECT * FROM frame ORDER BY n")
    assert engine.decide_table(relation)["effect"].to_pylist() == ["permit", "deny", "deny"]


def test_pandas_keeps_its_index_and_takes_categories() -> None:
    engine = engine_of('permit a if user.kind == "x"')
    frame = pd.DataFrame({"user.kind": pd.Categorical(["x", "y", None])}, index=[7, 8, 9])
    answer = engine.decide_table(frame)
    assert list(answer.index) == [7, 8, 9]
    assert list(answer["effect"]) == ["permit", "deny", "deny"]


def test_roots_may_be_the_same_for_all_rows() -> None:
    engine = engine_of("permit own if user.department == dataset.owner")
    rows = pa.table({"dataset.owner": ["a", "b"]})
    answer = engine.decide_table(rows, user={"department": "a"})
    assert answer["effect"].to_pylist() == ["permit", "deny"]
    whole = engine_of("permit own if { count(input) == 2; user.department == dataset.owner }")
    answer = whole.decide_table(rows, user={"department": "a"})
    assert answer["effect"].to_pylist() == ["permit", "deny"]
    with pytest.raises(licet.RequestError):
        engine.decide_table(rows, usr={})


def test_types_of_arrow_are_values() -> None:
    columns = {
        "request.b": pa.array([True]),
        "request.f": pa.array([0.5], pa.float64()),
        "request.nan": pa.array([float("nan")]),
        "request.u": pa.array([2**64 - 1], pa.uint64()),
        "request.d": pa.array([__import__("decimal").Decimal("1.50")], pa.decimal128(10, 2)),
        "request.day": pa.array([1], pa.date32()),
        "request.ms": pa.array([1], pa.timestamp("ms")),
        "request.view": pa.array(["long enough for a buffer"], pa.string_view()),
        "request.fixed": pa.array([[1, 2]], pa.list_(pa.int64(), 2)),
        "request.deep": pa.array([{"a": [{"b": 1}]}]),
        "request.binary": pa.array([b"x"]),
    }
    engine = engine_of(
        "permit all if { input.request == object.union(data.wanted, {}) }",
        data={
            "wanted": {
                "b": True, "f": 0.5, "u": 2**64 - 1, "d": 1.5, "day": 86_400_000_000_000,
                "ms": 1_000_000, "view": "long enough for a buffer", "fixed": [1, 2],
                "deep": {"a": [{"b": 1}]},
            }
        },
    )  # fmt: skip
    assert engine.decide_table(pa.table(columns))["message"].to_pylist() == ["permitted by `p.all`"]


def test_many_rows_on_many_threads_keep_their_order() -> None:
    engine = engine_of("permit even if request.n % 2 == 0")
    numbers = np.arange(50_000)
    answer = engine.decide_table(pa.table({"request.n": numbers}), threads=4)
    assert (answer["effect"].to_numpy() == np.where(numbers % 2 == 0, "permit", "deny")).all()


def test_what_is_no_table_is_a_type_error(registry: licet.Engine) -> None:
    for table in (3, {"a": [1]}, pa.chunked_array([[1]])):
        with pytest.raises(TypeError):
            registry.decide_table(table)
    assert len(registry.decide_table(pa.table({}))) == 0
