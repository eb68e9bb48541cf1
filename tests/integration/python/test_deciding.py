"""Decisions, prepared calls and queries."""

from __future__ import annotations

import json
import pickle
from decimal import Decimal

import licet
import pytest
from conftest import engine_of

ANA = {"id": "ana", "roles": ["ml_engineer"]}
BEN = {"id": "ben", "roles": ["ml_engineer", "intern"]}
MODEL = {"approvals": 2, "owner": "eva"}


def test_a_permit_is_true_and_says_what_it_obliges(registry: licet.Engine) -> None:
    decision = registry.decide(user=ANA, model=MODEL, request={"action": "deploy"})
    assert decision
    assert (decision.effect, decision.cause) == ("permit", "permitted")
    assert decision.obligations == {"notify": ["eva"]}
    assert [rule.qualified_name for rule in decision.rules] == ["registry.deploy"]
    assert decision.error is None


def test_a_deny_is_false_and_says_why(registry: licet.Engine) -> None:
    decision = registry.decide(user=BEN, model=MODEL, request={"action": "deploy"})
    assert not decision
    assert (decision.effect, decision.cause) == ("deny", "forbidden")
    assert decision.reason == "ben is an intern"
    assert decision.messages == ("ben is an intern",)
    assert set(decision.controls) == {"NIST:GOVERN-2.1", "ISO:A.5.15"}
    rule = decision.rules[0]
    assert (rule.verdict, rule.name, rule.file, rule.line) == (
        "forbid",
        "interns",
        "registry.licet",
        12,
    )
    assert decision.revision == registry.revision


def test_a_missing_attribute_of_a_forbid_is_indeterminate(registry: licet.Engine) -> None:
    assert registry.decide(user={"id": "x"}, request={"action": "read"}).cause == "indeterminate"
    assert registry.decide().cause == "indeterminate"


def test_decision_ids_are_distinct(registry: licet.Engine) -> None:
    ids = {registry.decide(user=ANA).id for _ in range(100)}
    assert len(ids) == 100


def test_json_and_objects_are_decided_alike(registry: licet.Engine) -> None:
    for user in (ANA, BEN, {"id": "x"}):
        document = {"user": user, "model": MODEL, "request": {"action": "deploy"}}
        text = json.dumps(document)
        causes = {
            registry.decide(**document).cause,
            registry.decide(document).cause,
            registry.decide(text).cause,
            registry.decide(text.encode()).cause,
            registry.decide(memoryview(bytearray(text.encode()))).cause,
        }
        assert len(causes) == 1


def test_only_what_is_read_is_converted(registry: licet.Engine) -> None:
    unread = {**ANA, "session": object(), "score": float("nan")}
    assert registry.decide(user=unread, request={"action": "read"})


def test_policies_that_read_the_whole_request_get_it() -> None:
    engine = engine_of("permit a if count(input) == 3\nforbid b if input.extra.x == 2")
    assert engine.decide(user={"id": 1}, extra={"x": 1}, other=None)
    assert engine.decide({"user": {}, "extra": {"x": 1}, "other": 1})
    assert engine.decide(user={}, extra={"x": 2}, other=1).cause == "forbidden"


def test_roots_and_their_members_may_both_be_read() -> None:
    engine = engine_of("permit a if { user.id == 7; count(user) == 2 }")
    assert engine.decide(user={"id": 7, "name": "x"})
    assert not engine.decide(user={"id": 7})
    assert engine.prepare(user={"id": 7, "name": "x"}).decide()


def test_a_package_restricts_the_rules() -> None:
    engine = licet.load(
        sources={"a.licet": "package a\npermit x if true", "b.licet": "package b\nforbid y if true"}
    )
    assert engine.decide().cause == "forbidden"
    decision = engine.decide(package="a")
    assert decision
    assert "a.x" in str(decision.explain())
    assert "b.y" not in str(decision.explain())


def test_now_is_what_policies_see() -> None:
    engine = engine_of("permit late if time.now_ns() > 1000")
    assert not engine.decide(now=1000)
    assert engine.decide(now=1001)
    assert engine.decide(now=1001).time_ns == 1001


def test_prepared_roots_are_read_once_and_again_after_a_reload(registry: licet.Engine) -> None:
    roles = ["ml_engineer"]
    prepared = registry.prepare(user={"id": "ana", "roles": roles})
    roles.append("intern")
    assert prepared.decide(request={"action": "read"})
    registry.reload(sources={"p.licet": 'package p\npermit a if "intern" in user.roles'})
    assert prepared.decide(request={"action": "read"})
    with pytest.raises(licet.RequestError, match="prepared"):
        prepared.decide(user={})


def test_prepared_and_whole_calls_agree(registry: licet.Engine) -> None:
    for user in (ANA, BEN):
        for action in ("read", "deploy", "other"):
            request = {"action": action}
            whole = registry.decide(user=user, model=MODEL, request=request)
            part = registry.prepare(user=user, model=MODEL).decide(request=request)
            assert (whole.cause, whole.messages) == (part.cause, part.messages)


def test_explanations_show_literals_and_values(registry: licet.Engine) -> None:
    decision = registry.decide(user=BEN, request={"action": "read"})
    text = str(decision.explain())
    assert '✓ "intern" in user.roles' in text
    assert 'user.roles = ["ml_engineer","intern"]' in text
    recorded = registry.decide(user=BEN, request={"action": "read"}, explain=True).explain()
    assert [literal.outcome for literal in recorded.literals if "intern" in literal.text] == [
        "held"
    ]
    assert "<table>" in recorded._repr_html_()


def test_decisions_print_and_render(registry: licet.Engine) -> None:
    decision = registry.decide(user={"id": "<b>", "roles": ["intern"]})
    assert repr(decision) == "<Decision deny: forbidden, '<b> is an intern'>"
    assert "&lt;b&gt; is an intern" in decision._repr_html_()
    assert json.loads(json.dumps(decision.to_dict()))["cause"] == "forbidden"


def test_queries_answer_values() -> None:
    engine = licet.load(
        sources={
            "q.rego": "package q\nbig := 18446744073709551617\nthird := 0.1\ns := {3, 1}\n"
            'o := {1: "x"}\nn := null\ndouble := input.n * 2\nexact := 0.1234567890123456789'
        },
        data={"loaded": {"a": [1, "ü", None, True]}},
    )
    answers = engine.query("data.q")
    assert answers["big"] == 2**64 + 1
    assert answers["third"] == 0.1
    assert answers["s"] == [1, 3]
    assert answers["o"] == {"1": "x"}
    assert answers["exact"] == Decimal("0.1234567890123456789")
    assert "double" not in answers
    assert engine.query("data.loaded.a") == [1, "ü", None, True]
    assert engine.query("data.q.double", {"n": 4}) == 8
    assert engine.query("data.q.none", default=7) == 7


def test_a_query_that_fails_is_a_typed_error() -> None:
    engine = licet.load(sources={"q.rego": "package q\nx := 1 if input.a\nx := 2 if input.b"})
    with pytest.raises(licet.EvaluationError) as raised:
        engine.query("data.q.x", {"a": 1, "b": 1})
    assert raised.value.code == "eval_conflict_error"
    with pytest.raises(licet.EvaluationError):
        engine.query("nothing.here")


def test_a_budget_that_runs_out_is_a_deny() -> None:
    engine = engine_of(
        "permit a if count([1 | some i in numbers.range(1, 100000); some j in [1, 2]; i > j]) > 0",
        limits=licet.Limits(steps=1000),
    )
    decision = engine.decide()
    assert (decision.effect, decision.cause) == ("deny", "error")
    assert "step" in (decision.error or "")


def test_engines_travel_to_other_processes(registry: licet.Engine) -> None:
    there = pickle.loads(pickle.dumps(registry))
    assert there.revision == registry.revision
    assert there.decide(user=ANA, request={"action": "read"})
    for error in (
        licet.PolicyError("p", text="t"),
        licet.RequestError("r", path="user.x"),
        licet.EvaluationError("e", code="c"),
    ):
        copy = pickle.loads(pickle.dumps(error))
        assert (type(copy), copy.__dict__) == (type(error), error.__dict__)
