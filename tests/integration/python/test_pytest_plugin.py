"""Policy tests run under pytest, and requests are generated from a schema."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Any

import hypothesis.strategies as st
import licet
import pytest
from conftest import engine_of
from hypothesis import given, settings
from licet.strategies import requests, root

pytest_plugins = ["pytester"]

POLICY = """package p

permit a if user.level > data.least
"""
TESTS = """package p

test_high if data.licet.decision.effect == "permit" with user as {"level": 9}

test_wrong if {
	some x in [1, 2]
	input.limit == x + 5
}

test_error if { print("seen", 1); "a" == concat("", ["b"]) }
"""


# An installed package brings the plug-in along; a checkout on the path does not.
INSTALLED = any(point.value == "licet.pytest_plugin" for point in entry_points(group="pytest11"))
OPTIONS = ["-p", "no:cacheprovider", *([] if INSTALLED else ["-p", "licet.pytest_plugin"])]


def run(pytester: pytest.Pytester, tests: str) -> pytest.RunResult:
    pytester.makefile(".licet", policy=POLICY, policy_test=tests)
    pytester.makefile(".json", data='{"least": 3}')
    pytester.makeini("[pytest]\nlicet_data = data.json")
    return pytester.runpytest_subprocess(*OPTIONS, "-v")


def test_each_policy_test_is_an_item_that_fails_with_values(pytester: pytest.Pytester) -> None:
    result = run(pytester, TESTS)
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(
        [
            "policy_test.licet::p*test_error FAILED*",
            "policy_test.licet::p*test_high PASSED*",
            "policy_test.licet::p*test_wrong FAILED*",
            "*policy_test.licet:5: p.test_wrong*",
            "*policy_test.licet:7: input.limit == x + 5*",
            "*input.limit = undefined*",
        ]
    )


def test_what_a_failing_test_prints_is_shown(pytester: pytest.Pytester) -> None:
    run(pytester, TESTS).stdout.fnmatch_lines(["*Captured print call*", "seen 1"])


def test_policies_that_do_not_compile_fail_the_collection(pytester: pytest.Pytester) -> None:
    result = run(pytester, "package p\n\ntest_x if unknown_name\n")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*policy_test.licet:3:11*"])


def test_rego_files_and_the_policy_fixture(pytester: pytest.Pytester) -> None:
    pytester.makefile(".rego", a_test="package a\n\ntest_a if 1 == 1\n\ntest_b[n] if n := 1\n")
    pytester.makefile(".licet", b="package b\n\npermit b if user.x == 1\n")
    pytester.makepyfile(
        "def test_permits(policy):\n    assert policy.decide(user={'x': 1})\n"
        "    assert not policy.decide(user={'x': 2})\n"
    )
    result = pytester.runpytest_subprocess(*OPTIONS)
    result.assert_outcomes(passed=3)


TYPED = engine_of(
    """
type Tree = {name: string, children: list[string]}
schema user { id: uuid, level: 1 | 2 | "x", tree?: Tree, any: any, ip: ip, net: cidr, when?: time }
schema request { tags: map[bool | null], score: number, count: int }
permit a if user.level == 1
"""
)


@given(requests(TYPED))
@settings(max_examples=100, deadline=None)
def test_generated_requests_fit_the_schema(request: dict[str, Any]) -> None:
    decision = TYPED.decide(request)
    assert bool(decision) == (request["user"]["level"] == 1)


@given(st.data())
@settings(max_examples=20, deadline=None)
def test_single_roots_can_be_drawn(data: st.DataObject) -> None:
    user = data.draw(root(TYPED, "user"))
    assert user["level"] in (1, 2, "x")


def test_a_root_without_a_schema_cannot_be_drawn(registry: licet.Engine) -> None:
    with pytest.raises(KeyError):
        root(registry, "user")
