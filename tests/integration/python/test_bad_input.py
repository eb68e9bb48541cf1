"""Whatever is wrong with a request is a typed error that names the place, and never an abort."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Iterator, Mapping
from typing import Any

import licet
import numpy as np
import pytest
from conftest import engine_of

CYCLE: list[Any] = []
CYCLE.append({"again": CYCLE})
DEEP: Any = 1
for _ in range(100_000):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    ("value", "part"),
    [
        (float("nan"), "NaN"),
        (float("inf"), "infinity"),
        (np.float32("nan"), "NaN"),
        (decimal.Decimal("NaN"), "ValueError"),
        (decimal.Decimal("1e999999"), "finite number"),
        (10**5000, "too many digits"),
        ("\ud800", "surrogate"),
        ({"\udfff": 1}, "surrogate"),
        ({1: 2}, "keys that are strings"),
        (b"x", "bytes"),
        (object(), "object"),
        (1j, "complex"),
        (np.complex128(1), "complex"),
        (datetime.datetime(2024, 1, 1), "time zone"),
        (np.datetime64("NaT"), "ValueError"),
        (CYCLE, "cycle"),
        (DEEP, "cycle"),
        (lambda: 1, "function"),
        (iter([1]), "iterator"),
    ],
    ids=["nan", "inf", "np.nan", "decimal", "exponent", "digits", "surrogate", "key", "int key",
         "bytes", "object", "complex", "np.complex", "naive", "nat", "cycle", "deep", "function",
         "iterator"],
)  # fmt: skip
def test_what_is_no_value_is_refused_with_its_path(value: object, part: str) -> None:
    engine = engine_of("permit a if request.values[0] == 1")
    with pytest.raises(licet.RequestError) as raised:
        engine.decide(request={"values": [1, value]})
    error = raised.value
    assert error.path.startswith("request.values[1]")
    assert part in f"{error} {error.__cause__!r}"
    assert error.decision is not None
    assert not error.decision
    assert error.decision.cause == "invalid_request"
    with pytest.raises(licet.RequestError, match="input"):
        engine.query("data.p", [1, value])


@pytest.mark.parametrize(
    ("request_", "path"),
    [
        ({"user": {"id": "a"}, "request": {"action": "read"}}, "user.roles"),
        ({"user": {"id": "a", "roles": []}}, "request"),
        ({"user": {"id": 3, "roles": []}, "request": {"action": "read"}}, "user.id"),
        ({"user": {"id": "a", "roles": ["x", 3]}, "request": {"action": "read"}}, "user.roles[1]"),
        ({"user": {"id": "a", "roles": []}, "request": {"action": "send"}}, "request.action"),
        (
            {"user": {"id": "a", "roles": [], "rols": 1}, "request": {"action": "read"}},
            "user.rols",
        ),
        ({"user": {"id": "a", "roles": [], 3: 1}, "request": {"action": "read"}}, "user"),
        ({"user": None, "request": {"action": "read"}}, "user"),
        ({"user": [], "request": {"action": "read"}}, "user"),
        (
            {"user": {"id": "a", "roles": [], "address": {}}, "request": {"action": "read"}},
            "user.address.city",
        ),
        (
            {
                "user": {"id": "a", "roles": [], "address": {"city": "x", "street": 1}},
                "request": {"action": "read"},
            },
            "user.address.street",
        ),
    ],
)
def test_what_does_not_fit_the_schema_names_its_path(
    typed: licet.Engine, request_: dict[str, Any], path: str
) -> None:
    for ask in (
        lambda: typed.decide(**request_),
        lambda: typed.decide(request_),
        lambda: typed.prepare(**request_).decide(),
    ):
        with pytest.raises(licet.RequestError) as raised:
            ask()
        assert raised.value.path == path
        assert raised.value.path in str(raised.value)


def test_what_fits_the_schema_is_decided(typed: licet.Engine) -> None:
    user = {"id": "a", "roles": ["dev"], "address": {"city": "x"}}
    assert typed.decide(user=user, request={"action": "read", "score": 1.5})
    assert typed.decide(user={**user, "level": 4}, request={"action": "write"})


def test_unknown_keywords_are_refused_with_a_suggestion(registry: licet.Engine) -> None:
    with pytest.raises(licet.RequestError, match="did you mean `user`") as raised:
        registry.decide(usr={})
    assert raised.value.path == "usr"
    with pytest.raises(licet.RequestError):
        registry.prepare(usr={})


def test_calls_with_the_wrong_arguments_are_type_errors(registry: licet.Engine) -> None:
    with pytest.raises(TypeError):
        registry.decide({}, {})  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        registry.decide({}, user={})
    with pytest.raises(TypeError):
        registry.decide(now="yesterday")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        licet.load()


@pytest.mark.parametrize("text", [b"{", b'{"a":1,"a":2}', b"\xff", b"[1]x", '{"a":"\ud800"}'])
def test_bad_json_is_a_request_error(registry: licet.Engine, text: bytes) -> None:
    with pytest.raises(licet.RequestError):
        registry.decide(text)


def test_documents_that_are_none_are_refused(registry: licet.Engine) -> None:
    for document in (3, 1.5, object(), np.zeros((2, 2)), [1].__iter__()):
        with pytest.raises(licet.RequestError):
            registry.decide(document)


class Hostile(Mapping[str, object]):
    def __init__(self, error: BaseException) -> None:
        self.error = error

    def __getitem__(self, key: str) -> object:
        raise self.error

    def __iter__(self) -> Iterator[str]:
        raise self.error

    def __len__(self) -> int:
        raise self.error

    def __contains__(self, key: object) -> bool:
        raise self.error


def test_what_objects_raise_is_the_cause_of_the_error(registry: licet.Engine) -> None:
    error = ZeroDivisionError("inside")
    with pytest.raises(licet.RequestError) as raised:
        registry.decide(user=Hostile(error))
    assert raised.value.__cause__ is error
    assert raised.value.path == "user.id"
    with pytest.raises(KeyboardInterrupt):
        registry.decide(user=Hostile(KeyboardInterrupt()))
    assert registry.decide(user={"roles": []}, request={"action": "read"})


def test_objects_that_change_while_they_are_read_do_no_harm() -> None:
    engine = engine_of("permit a if count(request.values) > 0")

    class Shrinking(Mapping[str, object]):
        def __init__(self, holder: list[object]) -> None:
            self.holder = holder

        def __getitem__(self, key: str) -> object:
            return 1

        def __iter__(self) -> Iterator[str]:
            self.holder.clear()
            return iter(["a"])

        def __len__(self) -> int:
            return 1

    values: list[object] = []
    values += [Shrinking(values), "x" * 100, "y" * 100]
    assert engine.decide(request={"values": values})


def test_code_of_objects_may_ask_the_same_engine(registry: licet.Engine) -> None:
    class Asking(Mapping[str, object]):
        def __getitem__(self, key: str) -> object:
            inner = registry.decide(user={"id": "in", "roles": []}, request={"action": "read"})
            return ["intern"] if inner else []

        def __iter__(self) -> Iterator[str]:
            return iter(["roles"])

        def __len__(self) -> int:
            return 1

    assert registry.decide(user=Asking(), request={"action": "read"}).cause == "forbidden"


def test_a_closed_engine_says_so(registry: licet.Engine) -> None:
    prepared = registry.prepare(user={"roles": []})
    decision = registry.decide(user={"roles": []})
    with registry:
        pass
    assert registry.closed
    assert repr(registry) == "<licet.Engine, closed>"
    for ask in (
        registry.decide,
        prepared.decide,
        decision.explain,
        registry.image,
        registry.prepare,
        registry.reload,
        lambda: registry.query("data"),
        lambda: registry.revision,
    ):
        with pytest.raises(licet.EngineClosed):
            ask()


@pytest.mark.parametrize(
    "options",
    [{"cache_bytes": -1}, {"cache_bytes": "x"}, {"limits": licet.Limits(steps=-1)},
     {"limits": licet.Limits(call_depth=2**32)}, {"cache_use": "never"}, {"log": "folder"}],
)  # fmt: skip
def test_settings_of_the_wrong_type_or_size_are_told(options: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        engine_of("", **options)


def test_sources_must_be_texts() -> None:
    for sources in ({"a.licet": 3}, {3: "package p"}):
        with pytest.raises(TypeError):
            licet.load(sources=sources)  # type: ignore[arg-type, dict-item]
    with pytest.raises(licet.PolicyError):
        licet.load(sources={"a.licet": "package p # \ud800"})


def test_what_needs_init_cannot_be_had_without() -> None:
    for made in (licet.Engine, licet.Prepared, licet.Log):
        with pytest.raises(TypeError):
            made.__new__(made)
        with pytest.raises(TypeError):
            made()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        type(engine_of("").decide())()
