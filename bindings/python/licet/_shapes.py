"""What objects are to policies: which types have fields, which are numbers, dates and so on.

Plain types (dict, list, str, int, float, bool, None) never come here.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from licet import _licet

_T = TypeVar("_T")
Shape = tuple[str, Any]

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
_MICROSECOND = datetime.timedelta(microseconds=1)
_registered: dict[type, Callable[[Any], object]] = {}


def register(type_: type[_T], convert: Callable[[_T], object]) -> None:
    """Teaches policies a type: ``convert`` makes of an object one that they know.

    >>> import fractions, licet
    >>> licet.register(fractions.Fraction, float)
    >>> engine = licet.load(sources={"p.licet": "package p\\npermit half if request.part == 0.5"})
    >>> bool(engine.decide(request={"part": fractions.Fraction(1, 2)}))
    True
    """
    if not isinstance(type_, type):
        raise TypeError(f"expected a type, found {type_!r}")
    _registered[type_] = convert
    _licet._forget_shapes()


def nanoseconds(moment: Any) -> int:
    """Nanoseconds since the epoch, as all times of policies are.

    >>> import datetime
    >>> nanoseconds(datetime.datetime(1970, 1, 1, 0, 0, 1, tzinfo=datetime.timezone.utc))
    1000000000
    """
    if isinstance(moment, int):
        return moment
    if not isinstance(moment, datetime.datetime):
        raise TypeError(f"expected a datetime, found {type(moment).__name__}")
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError(f"a datetime without a time zone: {moment.isoformat()}")
    exact = getattr(moment, "value", None)  # pandas.Timestamp knows nanoseconds
    if isinstance(exact, int):
        return int(moment.as_unit("ns").value) if hasattr(moment, "as_unit") else exact
    return (moment - _EPOCH) // _MICROSECOND * 1000


def _duration(length: datetime.timedelta) -> int:
    exact = getattr(length, "value", None)  # pandas.Timedelta
    if isinstance(exact, int):
        return int(length.as_unit("ns").value) if hasattr(length, "as_unit") else exact
    return length // _MICROSECOND * 1000


def _numpy_time(moment: Any) -> int:
    import numpy

    if numpy.isnat(moment):
        raise ValueError("NaT is no time")
    is_length = isinstance(moment, numpy.timedelta64)
    return int(moment.astype("timedelta64[ns]" if is_length else "datetime64[ns]").astype("int64"))


def _finite_decimal(number: Any) -> str:
    if not number.is_finite():
        raise ValueError(f"{number} is no finite number")
    sign, digits, exponent = number.as_tuple()
    return f"{'-' if sign else ''}{''.join(map(str, digits))}e{exponent}"


def _masked_to_list(array: Any) -> object:
    return array.tolist()


def shape_of(type_: type) -> Shape | None:
    """How to read objects of a type; None if there is no way."""
    for base in type_.__mro__:
        if base in _registered:
            return "convert", _registered[base]
    return _standard_shape(type_) or _numpy_shape(type_) or _model_shape(type_)


def _standard_shape(type_: type) -> Shape | None:
    # Modules that are not imported made no object.
    enum, decimal = sys.modules.get("enum"), sys.modules.get("decimal")
    uuid, ipaddress = sys.modules.get("uuid"), sys.modules.get("ipaddress")
    if enum and issubclass(type_, enum.Enum):
        return "convert", lambda member: member.value
    if decimal and issubclass(type_, decimal.Decimal):
        return "number", _finite_decimal
    if issubclass(type_, datetime.datetime):
        return "convert", nanoseconds
    if issubclass(type_, datetime.timedelta):
        return "convert", _duration
    if uuid and issubclass(type_, uuid.UUID):
        return "convert", str
    if ipaddress and type_.__module__ == "ipaddress":
        return "convert", str
    if issubclass(type_, tuple):
        fields = getattr(type_, "_fields", None)
        return ("fields", fields) if fields else ("convert", list)
    if issubclass(type_, Mapping):
        return "mapping", None
    return None


def _numpy_shape(type_: type) -> Shape | None:
    numpy = sys.modules.get("numpy")
    if numpy and issubclass(type_, (numpy.datetime64, numpy.timedelta64)):
        return "convert", _numpy_time
    if numpy and issubclass(type_, (numpy.generic, numpy.ndarray)):
        if issubclass(type_, numpy.complexfloating):
            return None
        return "convert", _masked_to_list
    # Columns and scalars of pandas, Polars, Arrow, PyTorch.
    package = type_.__module__.partition(".")[0]
    names = {"pandas": "tolist", "torch": "tolist", "polars": "to_list"}
    if package in names and hasattr(type_, names[package]):
        method = names[package]
        return "convert", lambda column: getattr(column, method)()
    if package == "pyarrow" and hasattr(type_, "as_py"):
        return "convert", lambda scalar: scalar.as_py()
    if package == "pyarrow" and hasattr(type_, "to_pylist"):
        return "convert", lambda column: column.to_pylist()
    return None


def _model_shape(type_: type) -> Shape | None:
    fields: Any = getattr(type_, "__dataclass_fields__", None)
    if fields is not None:
        names = [name for name, field in fields.items() if field._field_type.name == "_FIELD"]
        return "fields", names
    fields = getattr(type_, "__pydantic_fields__", None)
    if fields is not None:
        if getattr(type_, "model_config", {}).get("extra") == "allow":
            return "convert", _model_with_extras
        return "fields", [*fields, *getattr(type_, "__pydantic_computed_fields__", ())]
    fields = getattr(type_, "__attrs_attrs__", None)
    if fields is not None:
        return "fields", [attribute.name for attribute in fields]
    return None


def _model_with_extras(model: Any) -> dict[str, object]:
    names = [*type(model).__pydantic_fields__]
    return {name: getattr(model, name) for name in names} | (model.__pydantic_extra__ or {})
