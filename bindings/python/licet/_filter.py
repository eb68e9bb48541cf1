"""What must hold of an unknown root, in the words of the tool that looks for it."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from licet._errors import FilterError

if TYPE_CHECKING:
    from licet._engine import Engine

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


# Kind, literal, members, and of a record its fields: name, type, whether it may be missing.
_Type = tuple[str, Any, list[int], list[tuple[str, int, bool]]]


class _Node(NamedTuple):
    kind: str
    path: list[str]
    comparison: str
    other: list[str]
    value: Any
    parts: list[_Node]

    def __str__(self) -> str:
        path = ".".join(self.path)
        if self.kind in ("and", "or"):
            return "(" + f" {self.kind} ".join(str(part) for part in self.parts) + ")"
        if self.kind == "not":
            return f"not {self.parts[0]}"
        if self.kind == "compare":
            right = ".".join(self.other) if self.other else repr(self.value)
            return f"{path} {self.comparison} {right}"
        texts = {"present": f"{path} is there", "truthy": path, "in": f"{path} in {self.value!r}"}
        return texts.get(self.kind, f"{self.value!r} in {path}" if path else self.kind)


def _node_from(raw: Any) -> _Node:
    kind, path, comparison, other, value, parts = raw
    return _Node(kind, path, comparison, other, value, [_node_from(part) for part in parts])


class Filter:
    """A condition on the attributes of a root; made by :meth:`licet.Engine.filter`.

    Its columns are the attributes: ``classification``, and below records ``owner.team``, a field
    of a struct. ``columns`` of the methods gives other names. A null is a missing attribute.
    """

    def __init__(self, node: _Node) -> None:
        self._node = node

    @property
    def always(self) -> bool:
        """Whatever the attributes are, it is a permit."""
        return self._node.kind == "true"

    @property
    def never(self) -> bool:
        """Whatever the attributes are, it is a deny."""
        return self._node.kind == "false"

    def __repr__(self) -> str:
        return f"<licet.Filter {self._node}>"

    def to_arrow(self, columns: Mapping[str, str] | None = None) -> Any:
        """A ``pyarrow.compute`` expression."""
        return _render(self._node, _Arrow(columns or {}))

    def to_polars(self, columns: Mapping[str, str] | None = None) -> Any:
        """A Polars expression."""
        return _render(self._node, _Polars(columns or {}))

    def to_pandas(self, frame: Any, columns: Mapping[str, str] | None = None) -> Any:
        """A mask: a Series of booleans with the index of ``frame``."""
        return _render(self._node, _Pandas(columns or {}, frame))

    def to_sql(self, dialect: str = "", columns: Mapping[str, str] | None = None) -> str:
        """The condition of a WHERE clause, in a dialect that sqlglot knows by this name."""
        return str(_render(self._node, _Sql(columns or {})).sql(dialect=dialect or None))


def make_filter(
    engine: Engine, unknown: str, package: str | None, known: dict[str, object]
) -> Filter:
    """See :meth:`licet.Engine.filter`."""
    if not isinstance(unknown, str):
        raise TypeError(f"unknown: expected the name of a root, found {type(unknown).__name__}")
    if unknown in known:
        raise TypeError(f"{unknown} cannot be known and unknown")
    node = _node_from(engine._filter(unknown, known, package or ""))
    schema = engine._schema()
    root = schema["roots"].get(unknown)
    return Filter(node if root is None else _typed(node, root, schema["types"]))


def _typed(node: _Node, root: int, types: list[_Type]) -> _Node:
    """What the schema says is no boolean is not false if it is there."""
    if node.kind == "truthy" and not _may_be_boolean(node.path, root, types):
        return node._replace(kind="present")
    return node._replace(parts=[_typed(part, root, types) for part in node.parts])


def _may_be_boolean(path: list[str], type_: int, types: list[_Type]) -> bool:
    kind, literal, members, fields = types[type_]
    if kind == "union":
        return any(_may_be_boolean(path, member, types) for member in members)
    if not path:
        return kind in ("any", "bool") or isinstance(literal, bool)
    if kind == "map":
        return _may_be_boolean(path[1:], members[0], types)
    below = {name: field for name, field, _optional in fields}
    if kind == "record" and path[0] in below:
        return _may_be_boolean(path[1:], below[path[0]], types)
    return kind == "any"


class _Target:
    """A tool. Every condition that it makes is true or false, never null."""

    def __init__(self, columns: Mapping[str, str]) -> None:
        self._columns = columns

    def steps(self, path: list[str]) -> list[str]:
        """The name of a column, or of a struct and its fields."""
        name = self._columns.get(".".join(path))
        return path if name is None else [name]

    def column(self, path: list[str]) -> Any:
        raise NotImplementedError

    def constant(self, holds: bool) -> Any:
        raise NotImplementedError

    def present(self, column: Any) -> Any:
        raise NotImplementedError

    def certain(self, condition: Any, columns: list[Any]) -> Any:
        """The condition, and that the columns are not null."""
        for column in columns:
            condition = self.both(condition, self.present(column))
        return condition

    def both(self, a: Any, b: Any) -> Any:
        return a & b

    def either(self, a: Any, b: Any) -> Any:
        return a | b

    def negated(self, condition: Any) -> Any:
        return ~condition

    def compared(self, comparison: str, left: Any, right: Any) -> Any:
        return _COMPARE[comparison](left, right)

    def literal(self, value: Any) -> Any:
        return value

    def is_in(self, column: Any, values: list[Any]) -> Any:
        raise NotImplementedError

    def contains(self, column: Any, value: Any) -> Any:
        raise NotImplementedError


def _render(node: _Node, target: _Target) -> Any:
    if node.kind in ("true", "false"):
        return target.constant(node.kind == "true")
    if node.kind == "not":
        return target.negated(_render(node.parts[0], target))
    if node.kind in ("and", "or"):
        join = target.both if node.kind == "and" else target.either
        result = _render(node.parts[0], target)
        for part in node.parts[1:]:
            result = join(result, _render(part, target))
        return result
    column = target.column(node.path)
    if node.kind == "present":
        return target.present(column)
    if node.kind == "truthy":
        return target.certain(column, [column])
    if node.kind == "compare":
        return _compared(node, column, target)
    _refuse_composite(node)
    if node.kind == "contains":
        return target.certain(target.contains(column, node.value), [column])
    values = [value for value in node.value if value is not None]
    if not values:
        return target.constant(False)
    return target.certain(target.is_in(column, values), [column])


def _compared(node: _Node, column: Any, target: _Target) -> Any:
    if node.other:
        other = target.column(node.other)
        return target.certain(target.compared(node.comparison, column, other), [column, other])
    _refuse_composite(node)
    if node.value is None:
        if node.comparison not in ("==", "!="):
            raise FilterError(f"null cannot be compared by order: {node}", clause=str(node))
        # What is null is missing, so what is there is not null.
        is_different = node.comparison == "!="
        return target.present(column) if is_different else target.constant(False)
    value = target.literal(node.value)
    return target.certain(target.compared(node.comparison, column, value), [column])


def _refuse_composite(node: _Node) -> None:
    values = node.value if node.kind == "in" else [node.value]
    kinds = {bool if isinstance(v, bool) else str if isinstance(v, str) else float for v in values}
    if any(isinstance(value, (list, dict)) for value in values):
        raise FilterError(f"a list or object cannot be compared: {node}", clause=str(node))
    if len(kinds - {type(None)}) > 1 and None not in values:
        raise FilterError(f"values of several types cannot be compared: {node}", clause=str(node))


class _Arrow(_Target):
    def column(self, path: list[str]) -> Any:
        import pyarrow.compute

        return pyarrow.compute.field(*self.steps(path))

    def constant(self, holds: bool) -> Any:
        import pyarrow.compute

        return pyarrow.compute.scalar(holds)

    def present(self, column: Any) -> Any:
        return column.is_valid()

    def is_in(self, column: Any, values: list[Any]) -> Any:
        return column.isin(values)

    def contains(self, column: Any, value: Any) -> Any:
        raise FilterError(
            f"Arrow expressions cannot look into lists: {value!r} in {column}",
            clause=f"{value!r} in {column}",
        )


class _Polars(_Target):
    def column(self, path: list[str]) -> Any:
        import polars

        first, *rest = self.steps(path)
        column = polars.col(first)
        for name in rest:
            column = column.struct.field(name)
        return column

    def constant(self, holds: bool) -> Any:
        import polars

        return polars.lit(holds)

    def present(self, column: Any) -> Any:
        return column.is_not_null()

    def is_in(self, column: Any, values: list[Any]) -> Any:
        return column.is_in(values)

    def contains(self, column: Any, value: Any) -> Any:
        return column.list.contains(value)


class _Pandas(_Target):
    def __init__(self, columns: Mapping[str, str], frame: Any) -> None:
        super().__init__(columns)
        self._frame = frame

    def column(self, path: list[str]) -> Any:
        name, *rest = self.steps(path)
        if ".".join([name, *rest]) in self._frame.columns:
            return self._frame[".".join([name, *rest])]
        column = self._frame[name]
        for field in rest:
            column = column.map(lambda record, field=field: _member(record, field))
        return column

    def _mask(self, values: list[bool]) -> Any:
        import pandas

        return pandas.Series(values, index=self._frame.index, dtype=bool)

    def constant(self, holds: bool) -> Any:
        return self._mask([holds] * len(self._frame))

    def present(self, column: Any) -> Any:
        return column.notna()

    def certain(self, condition: Any, columns: list[Any]) -> Any:
        present = self.constant(True)
        for column in columns:
            present &= self.present(column)
        holds = [
            bool(there) and bool(value) for there, value in zip(present, condition, strict=True)
        ]
        return self._mask(holds)

    def compared(self, comparison: str, left: Any, right: Any) -> Any:
        rights = (
            [right] * len(left) if not hasattr(right, "index") or isinstance(right, str) else right
        )
        compare = _COMPARE[comparison]
        return [
            _is_there(a) and _is_there(b) and bool(compare(a, b))
            for a, b in zip(left, rights, strict=True)
        ]

    def is_in(self, column: Any, values: list[Any]) -> Any:
        return [_is_there(value) and value in values for value in column]

    def contains(self, column: Any, value: Any) -> Any:
        return [_is_there(values) and value in list(values) for values in column]


def _is_there(value: Any) -> bool:
    import pandas

    missing = pandas.isna(value)
    return not (isinstance(missing, bool) and missing)


def _member(record: Any, field: str) -> Any:
    return record.get(field) if isinstance(record, dict) else None


class _Sql(_Target):
    def column(self, path: list[str]) -> Any:
        from sqlglot import exp

        first, *rest = self.steps(path)
        column: Any = exp.column(exp.to_identifier(first, quoted=True))
        for name in rest:
            column = exp.Dot(this=column, expression=exp.to_identifier(name, quoted=True))
        return column

    def constant(self, holds: bool) -> Any:
        from sqlglot import exp

        return exp.true() if holds else exp.false()

    def present(self, column: Any) -> Any:
        from sqlglot import exp

        return exp.Not(this=exp.Is(this=column.copy(), expression=exp.null()))

    def both(self, a: Any, b: Any) -> Any:
        from sqlglot import exp

        return exp.and_(a, b)

    def either(self, a: Any, b: Any) -> Any:
        from sqlglot import exp

        return exp.or_(a, b)

    def negated(self, condition: Any) -> Any:
        from sqlglot import exp

        return exp.not_(condition)

    def compared(self, comparison: str, left: Any, right: Any) -> Any:
        from sqlglot import exp

        names = {"==": "EQ", "!=": "NEQ", "<": "LT", "<=": "LTE", ">": "GT", ">=": "GTE"}
        return getattr(exp, names[comparison])(this=left.copy(), expression=right.copy())

    def literal(self, value: Any) -> Any:
        from sqlglot import exp

        return exp.convert(value)

    def is_in(self, column: Any, values: list[Any]) -> Any:
        from sqlglot import exp

        return exp.In(this=column.copy(), expressions=[exp.convert(value) for value in values])

    def contains(self, column: Any, value: Any) -> Any:
        from sqlglot import exp

        return exp.ArrayContains(this=column.copy(), expression=exp.convert(value))
