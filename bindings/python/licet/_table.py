"""Deciding whole tables, whatever made them."""

from __future__ import annotations

import datetime
import sys
from typing import TYPE_CHECKING, Any

from licet._shapes import nanoseconds

if TYPE_CHECKING:
    from licet._engine import Engine


def decide_table(
    engine: Engine,
    table: Any,
    *,
    package: str | None,
    now: datetime.datetime | int | None,
    threads: int | None,
    roots: dict[str, object],
) -> Any:
    """See :meth:`licet.Engine.decide_table`."""
    source = _stream_of(table)
    result = engine._decide_table(
        source,
        engine.prepare(**roots) if roots else None,
        package or "",
        None if now is None else nanoseconds(now),
        threads or 0,
    )
    return _as_the_like_of(table, result)


def _stream_of(table: Any) -> Any:
    if hasattr(table, "__arrow_c_stream__"):
        return table
    if hasattr(table, "collect") and type(table).__module__.startswith("polars"):
        return table.collect()
    for method in ("to_arrow_table", "fetch_arrow_table", "arrow"):  # DuckDB
        if hasattr(table, method):
            return getattr(table, method)()
    if hasattr(table, "__arrow_c_array__"):
        import pyarrow

        return pyarrow.table(pyarrow.record_batch(table))
    raise TypeError(f"expected a table of Arrow, pandas, Polars or DuckDB, found {type(table)}")


def _as_the_like_of(table: Any, result: Any) -> Any:
    package = type(table).__module__.partition(".")[0]
    if package == "polars":
        return sys.modules["polars"].DataFrame(result)
    try:
        import pyarrow
    except ImportError:
        return result
    columns = pyarrow.table(result)
    if package != "pandas":
        return columns
    frame = columns.to_pandas()
    frame.index = table.index
    return frame
