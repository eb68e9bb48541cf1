"""Loading policies, and the engine that decides by them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

from licet import _licet
from licet._errors import PolicyError

if TYPE_CHECKING:
    import datetime

    from typing_extensions import Self

    from licet._filter import Filter
    from licet._log import Log
    from licet._watch import Watcher

Path = str | os.PathLike[str]
Paths = Path | Iterable[Path]
_T = TypeVar("_T")


class Limits(NamedTuple):
    """What one decision or query may take; whichever runs out first ends it, as a deny."""

    steps: int = 10_000_000
    memory_bytes: int = 64 << 20
    call_depth: int = 1000
    time_ms: int = 1000
    request_bytes: int = 16 << 20


class CacheStatistics(NamedTuple):
    """What the cache of an engine did. Each decision is one of a hit, a miss and a bypass."""

    hits: int
    misses: int
    bypasses: int  # decided without a look: the cache would have cost more than it saves
    evictions: int
    entries: int  # of the policies in force
    bytes: int


def _path_list(paths: Paths | None) -> list[str]:
    if paths is None:
        return []
    if isinstance(paths, (str, os.PathLike)):
        paths = [paths]
    texts = [os.fspath(path) for path in paths]
    for text in texts:
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise PolicyError(f"the path {text!r} is not UTF-8") from error
    return texts


def _checked_size(name: str, value: object, most: int = 2**63 - 1) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name}: expected an integer, found {type(value).__name__}")
    if not 0 <= value <= most:
        raise ValueError(f"{name}: expected 0 to {most}, found {value}")
    return value


def _checked_sources(sources: Mapping[str, str]) -> list[tuple[str, str | bytes]]:
    for name, text in sources.items():
        if not isinstance(name, str) or not isinstance(text, str):
            raise TypeError("sources: expected names and texts, both as strings")
        try:
            (name + text).encode()
        except UnicodeEncodeError as error:
            raise PolicyError(f"the source {name!r} is not UTF-8") from error
    return list(sources.items())


def _spec(
    path: Paths | None,
    sources: Mapping[str, str] | None,
    image: bytes | None,
    data: Mapping[str, object] | Paths | None,
    strict: bool,
) -> dict[str, object]:
    if sum(given is not None for given in (path, sources, image)) != 1:
        raise TypeError("expected one of a path, sources and an image")
    texts = _checked_sources(sources or {})
    if image is not None:
        texts.append(("image", bytes(image)))
    data_texts: list[tuple[str, str]] = []
    data_paths: list[str] = []
    if isinstance(data, Mapping):
        try:
            data_texts.append(("data", json.dumps(data, allow_nan=False)))
        except (TypeError, ValueError) as error:
            raise PolicyError(f"the data cannot be written as JSON: {error}") from error
    else:
        data_paths = _path_list(data)
    return {
        "paths": _path_list(path),
        "texts": texts,
        "data_paths": data_paths,
        "data_texts": data_texts,
        "strict": strict,
    }


class Engine(_licet.Engine):
    """Policies in force. Made by :func:`licet.load`; all threads may use one."""

    _options: dict[str, object]
    _log: Log | None = None

    def __new__(cls, *made_of: object) -> Self:
        """For :func:`licet.load`."""
        if not made_of:
            raise TypeError("engines are made by licet.load")
        return super().__new__(cls)

    @property
    def log(self) -> Log | None:
        """The decision log that was given to :func:`licet.load`."""
        return self._log

    @property
    def cache_statistics(self) -> CacheStatistics:
        """Counts since the engine was made; all zero without ``cache_bytes``."""
        return CacheStatistics(*self._cache_statistics())

    def query(
        self,
        path: str,
        input: object = None,
        *,
        default: object = None,
        now: datetime.datetime | int | None = None,
        seed: int | None = None,
    ) -> Any:
        """The value at a path of ``data``: a rule, loaded data, or both below a package.

        ``input`` is not checked against a schema. Where there is no value the answer is `default`.
        Objects are dicts, arrays and sets lists (sets sorted), numbers int or float, or Decimal
        where no float is equal. ``now`` is a datetime with a time zone, or nanoseconds since the
        epoch. Queries are not logged.

        Raises EvaluationError for a conflict or a budget that ran out (``licet.Limits``),
        RequestError for an input that is no value, EngineClosed.

        >>> import licet
        >>> engine = licet.load(sources={"p.rego": "package p\\ndouble := input.n * 2"})
        >>> engine.query("data.p.double", {"n": 21})
        42
        >>> engine.query("data.p.double", {}, default="none")
        'none'
        """
        if not isinstance(path, str):
            raise TypeError(f"path: expected a string, found {type(path).__name__}")
        return self._query(path, input, default, now, seed)

    def prepare(self, **roots: object) -> Prepared:
        """Reads roots that many requests share, once.

        The objects are read now; a later change of theirs is not seen until the policies change.
        ``decide`` of the answer takes the other roots, and the options of :meth:`decide`.

        Raises RequestError, with the path, for what is no value or does not fit the schema's shape.

        >>> import licet
        >>> engine = licet.load(sources={"p.licet": '''package p
        ... permit own if model.owner == user.id'''})
        >>> ana = engine.prepare(user={"id": "ana"})
        >>> [bool(ana.decide(model={"owner": owner})) for owner in ("ana", "ben")]
        [True, False]
        """
        return Prepared(self, roots)

    def decide_table(
        self,
        table: Any,
        *,
        package: str | None = None,
        now: datetime.datetime | int | None = None,
        threads: int | None = None,
        **roots: object,
    ) -> Any:
        """Decides every row of a table, on all cores and without Python.

        ``table`` is one of Arrow, pandas, Polars or DuckDB, or whatever has ``__arrow_c_stream__``.
        Its columns are roots (structs) or attributes with dotted names (``user.department``);
        columns that no policy reads are not looked at. ``roots`` are the same for all rows. A cell
        that is null or NaN is a missing attribute. A row that does not fit the schema is a deny
        with the cause ``invalid_request``.

        The answer is a table of the same make, row by row, with the columns ``effect``, ``cause``,
        ``rule`` (those that determined the decision, as ``package.name``, with commas) and
        ``message``, all dictionary-encoded texts. ``threads``: as many as there are cores
        by default. If the engine has a log, each row is logged; one that cannot be is a deny with
        the cause ``error``.

        Raises TypeError for what is no table, RequestError for roots that are no values.

        >>> import licet, pyarrow
        >>> engine = licet.load(sources={"p.licet": '''package p
        ... permit low if dataset.classification <= user.clearance'''})
        >>> rows = pyarrow.table({"dataset.classification": [1, 3, None]})
        >>> engine.decide_table(rows, user={"clearance": 2})["effect"].to_pylist()
        ['permit', 'deny', 'deny']
        """
        from licet._table import decide_table

        return decide_table(self, table, package=package, now=now, threads=threads, roots=roots)

    def filter(self, *, unknown: str, package: str | None = None, **known: object) -> Filter:
        """What must hold of the root ``unknown`` for a permit, the other roots being ``known``.

        The answer becomes an Arrow or Polars expression, SQL or a pandas mask. Supported are
        comparisons, membership, ``not``, ``some x in`` a known collection and rules of these; what
        is outside raises FilterError, which names the clause. Comparisons are those of the tool:
        columns must have the types that the policies expect, and what a policy tests as it is
        (``dataset.open``) is a boolean unless the schema says otherwise.

        >>> import licet
        >>> engine = licet.load(sources={"p.licet": '''package p
        ... permit own if { dataset.owner == user.team; dataset.level <= user.level }'''})
        >>> engine.filter(unknown="dataset", user={"team": "risk", "level": 2})
        <licet.Filter (owner == 'risk' and level <= 2)>
        """
        from licet._filter import make_filter

        return make_filter(self, unknown, package, known)

    def reload(
        self,
        path: Paths | None = None,
        *,
        sources: Mapping[str, str] | None = None,
        image: bytes | None = None,
        data: Mapping[str, object] | Paths | None = None,
        strict: bool = False,
        check: Callable[[Engine], object] | None = None,
    ) -> Self:
        """Loads again, from the same place or another, and puts the new policies in force.

        Decisions under way end with the old policies; every later one sees the new ones. If they
        do not compile, or ``check`` raises when it is given an engine of them, the old ones stay.
        Decisions of that engine are not logged.

        Raises PolicyError, and whatever ``check`` raises.
        """
        if path is None and sources is None and image is None:
            if data is not None or strict:
                raise TypeError("data and strict need a path, sources or an image")
            spec: Any = self._origin()
        else:
            spec = _spec(path, sources, image, data, strict)
        candidate = _make_engine(type(self), spec, self._options, None)
        if check is not None:
            check(candidate)
        self._adopt(candidate)
        return self

    def watch(
        self,
        *,
        interval: float = 1.0,
        check: Callable[[Engine], object] | None = None,
        on_reload: Callable[[Engine], object] | None = None,
        on_error: Callable[[Exception], object] | None = None,
    ) -> Watcher:
        """Starts a thread that reloads when the files of the policies or data change.

        It looks every ``interval`` seconds. ``check`` is as for :meth:`reload`; ``on_error`` gets
        what went wrong, which is logged as a warning otherwise. See :class:`licet.Watcher`.

        Raises LicetError for an engine that was not loaded from files.
        """
        from licet._watch import Watcher

        watcher = Watcher(
            self, interval=interval, check=check, on_reload=on_reload, on_error=on_error
        )
        watcher.start()
        return watcher

    def image(self) -> bytes:
        """The compiled policies and data, for ``licet.load(image=...)``."""
        return self._image()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        if self.closed:
            return "<licet.Engine, closed>"
        return f"<licet.Engine {self.revision[:19]}>"

    def __reduce__(self) -> tuple[object, ...]:
        if self._log is not None:
            raise TypeError(
                "an engine with a log cannot be pickled: one process writes a log; "
                "load an engine with a log of its own there"
            )
        return _engine_from_state, (self.revision, self._sources(), self._origin(), self._options)


class Prepared(_licet.Prepared):
    """Requests with a fixed part; made by :meth:`Engine.prepare`."""

    def __new__(cls, *made_of: object) -> Self:
        """For :meth:`Engine.prepare`."""
        if not made_of:
            raise TypeError("prepared requests are made by Engine.prepare")
        return super().__new__(cls)


def _make_engine(
    type_: type[Engine], spec: Any, options: dict[str, object], log: Log | None
) -> Engine:
    engine = type_(spec, options, log)
    engine._options = options
    engine._log = log
    return engine


def _engine_from_state(
    revision: str,
    sources: dict[str, object],
    origin: dict[str, object],
    options: dict[str, object],
) -> Engine:
    engine = _make_engine(Engine, sources, options, None)
    if engine.revision != revision:
        raise PolicyError(
            f"the policies are of revision {revision}, but compile to {engine.revision} here",
            help="use the same version of Licet on both sides",
        )
    engine._set_origin(origin)
    return engine


def load(
    path: Paths | None = None,
    *,
    sources: Mapping[str, str] | None = None,
    image: bytes | None = None,
    data: Mapping[str, object] | Paths | None = None,
    strict: bool = False,
    limits: Limits | None = None,
    strict_builtins: bool = False,
    log: Log | None = None,
    cache_bytes: int = 0,
    cache_use: Literal["when_it_pays", "always"] = "when_it_pays",
) -> Engine:
    """Compiles policies and puts them in force.

    They come from a path (a folder, a file, a compiled image, or several), from ``sources`` (names
    and texts), or from the bytes of an ``image``. ``data`` is what policies see as ``data``: a
    mapping, or JSON and YAML files. With ``strict``, what is likely a mistake is an error too; with
    ``strict_builtins``, an error of a builtin ends a query instead of making it undefined.

    ``log`` is a :class:`licet.Log`: every decision is handed out only when it is logged.
    ``cache_bytes`` is memory for decisions that were made before, by the values that they depend
    on; it pays for policies that match patterns or go through documents, and with
    ``cache_use="when_it_pays"`` the engine measures for each request whether it does.

    Raises PolicyError, with all problems of the policies.

    >>> import licet
    >>> licet.load(sources={"p.licet": "package p\\npermit a if user.x ="})
    Traceback (most recent call last):
        ...
    licet._errors.PolicyError: the policies do not compile: 1 error
    ...
    """
    if cache_use not in ("when_it_pays", "always"):
        raise ValueError(f"cache_use: expected when_it_pays or always, found {cache_use!r}")
    if log is not None and not isinstance(log, _licet.Log):
        raise TypeError(f"log: expected a licet.Log, found {type(log).__name__}")
    options: dict[str, object] = {
        name: _checked_size(name, value, 2**32 - 1 if name == "call_depth" else 2**63 - 1)
        for name, value in (limits or Limits())._asdict().items()
    }
    options["strict_builtins"] = strict_builtins
    options["cache_bytes"] = _checked_size("cache_bytes", cache_bytes)
    options["cache_always"] = cache_use == "always"
    return _make_engine(Engine, _spec(path, sources, image, data, strict), options, log)
