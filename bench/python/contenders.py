"""W2 decided from Python: by hand, by Licet, and by other engines, each in its fastest form.

A contender is a function that decides the first N requests, in a loop of its own so that nothing
but the call is measured. Whatever an engine lets one prepare before a request is known is prepared,
and so are forms of the request that are not the caller's dict (entities, JSON).
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

Decide = Callable[[int], list[bool]]  # of the first so many requests
Request = dict[str, dict[str, Any]]


class Workload:
    """The files that the generator of the workloads made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.requests: list[Request] = [json.loads(line) for line in self._lines("requests.jsonl")]
        self.texts = [line.encode() for line in self._lines("requests.jsonl")]
        self.expected = [one == 1 for one in json.loads(self.text("expected.json"))]
        self.rego = self.text("rules.rego")

    def text(self, suffix: str) -> str:
        """The text of one file of W2."""
        return (self.folder / f"w2.{suffix}").read_text()

    def _lines(self, suffix: str) -> list[str]:
        return self.text(suffix).splitlines()


def licet_rules(rego: str) -> str:
    """The Rego as `permit` and `forbid` rules, as bench/workload.cc writes it."""
    text = rego.replace("default allow := false\n\n", "")
    text = text.replace("allow if {\n\tpermit\n\tnot deny\n}\n\n", "")
    count = iter(range(1, 1000))
    text = re.sub(r"\npermit if \{", lambda _: f"\npermit p{next(count)} if {{", text)
    return re.sub(r"\ndeny if \{", lambda _: f"\nforbid d{next(count)} if {{", text)


def by_hand_in_c(work: Workload) -> Decide:
    """walk.c."""
    import walk

    decide = walk.decide
    calls = [(r["user"], r["model"], r["dataset"], r["request"]) for r in work.requests]
    return lambda count: [decide(*call) for call in calls[:count]]


_NETWORKS = [
    ipaddress.ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "203.0.113.0/24",
                 "198.51.100.0/25")
]  # fmt: skip
_MASKED = [(int(network.network_address), int(network.netmask)) for network in _NETWORKS]


def _address(text: str) -> int:
    a, b, c, d = text.split(".")
    return int(a) << 24 | int(b) << 16 | int(c) << 8 | int(d)


def _permits(user: Any, model: Any, dataset: Any, request: Any, address: int) -> bool:
    action, roles = request["action"], user["roles"]
    if action == "read":
        if dataset["classification"] == 0 or (
            user["department"] == model["owner_department"]
            and user["clearance"] >= dataset["classification"]
        ):
            return True
    elif action == "infer":
        if model["stage"] == "production":
            if user["clearance"] >= 1 and 6 <= request["hour"] < 22:
                return True
        elif (
            model["stage"] == "staging"
            and user["department"] == model["owner_department"]
            and ("ml_engineer" in roles or "data_scientist" in roles)
        ):
            return True
    elif action == "train":
        if (
            user["clearance"] >= dataset["classification"]
            and ("ml_engineer" in roles or "data_scientist" in roles)
            and request["purpose"] in dataset["purpose"]
        ):
            return True
    elif (
        action == "deploy"
        and model["stage"] == "staging"
        and user["mfa"]
        and 8 <= request["hour"] < 18
        and ("ml_engineer" in roles or "admin" in roles)
    ):
        return True
    network, mask = _MASKED[0]
    return user["mfa"] and "admin" in roles and address & mask == network


def by_hand_in_python(work: Workload) -> Decide:
    """As a careful engineer writes it."""
    calls = [(r["user"], r["model"], r["dataset"], r["request"]) for r in work.requests]
    return lambda count: [_decide(*call) for call in calls[:count]]


def _decide(user: Any, model: Any, dataset: Any, request: Any) -> bool:
    address = _address(request["ip"])
    if not _permits(user, model, dataset, request, address):
        return False
    if request["action"] == "deploy" and "intern" in user["roles"]:
        return False
    if dataset["region"] != "global" and dataset["region"] != user["region"]:
        return False
    if "pii" in dataset["tags"] and request["purpose"] not in dataset["purpose"]:
        return False
    if request["rate_per_min"] > 600:
        return False
    if not user["mfa"] and model["risk_tier"] in ("high", "critical"):
        return False
    return any(address & mask == network for network, mask in _MASKED)


def licet_dicts(work: Workload) -> Decide:
    """engine.decide with four dicts."""
    import licet

    decide = licet.load(sources={"w2.licet": licet_rules(work.rego)}).decide
    calls = [(r["user"], r["model"], r["dataset"], r["request"]) for r in work.requests]

    return lambda count: [
        bool(decide(user=user, model=model, dataset=dataset, request=request))
        for user, model, dataset, request in calls[:count]
    ]


def licet_json(work: Workload) -> Decide:
    """engine.decide with the bytes of JSON."""
    import licet

    decide = licet.load(sources={"w2.licet": licet_rules(work.rego)}).decide
    return lambda count: [bool(decide(text)) for text in work.texts[:count]]


def cedarpy(work: Workload) -> Decide:
    """The policies parsed once; entities and context are the request's."""
    import cedarpy

    policies = cedarpy.PolicySet.from_str(work.text("rules.cedar"))
    asked = [json.loads(line) for line in work.text("cedar_requests.jsonl").splitlines()]
    requests = [
        {
            "principal": {"type": "User", "id": request["principal"]},
            "action": {"type": "Action", "id": request["action"]},
            "resource": {"type": "Model", "id": request["resource"]},
            "context": request["context"],
        }
        for request in asked
    ]
    entities = [request["entities"] for request in asked]
    decide = cedarpy.is_authorized
    return lambda count: [
        decide(requests[i], policies, entities[i]).allowed is True for i in range(count)
    ]


def _without_networks(rego: str) -> str:
    """`net.cidr_contains`, which regopy does not have, as a range of the address as a number."""

    def in_range(match: re.Match[str]) -> str:
        network = ipaddress.ip_network(match[1])
        first, last = int(network.network_address), int(network.broadcast_address)
        return f"{{ input.request.address >= {first}; input.request.address <= {last} }}"

    rego = re.sub(r'(?<=if )net\.cidr_contains\("([^"]+)", input\.request\.ip\)', in_range, rego)
    return re.sub(
        r'net\.cidr_contains\("([^"]+)", input\.request\.ip\)',
        lambda match: in_range(match).strip("{ }"),
        rego,
    )


def regopy(work: Workload) -> Decide:
    """A bundle built once. The host hands over the address as a number, made beforehand."""
    from regopy import Interpreter

    rego = Interpreter()
    rego.add_module("w2", _without_networks(work.rego))
    bundle = rego.build(None, ["authz/allow"])
    inputs = [
        {
            **request,
            "request": {**request["request"], "address": _address(request["request"]["ip"])},
        }
        for request in work.requests
    ]

    def ask(count: int) -> list[bool]:
        decisions = []
        for given in inputs[:count]:
            rego.set_input(given)
            answer = rego.query_bundle_entrypoint(bundle, "authz/allow")
            decisions.append(answer.results[0].expressions == [True])
        return decisions

    return ask


class _Attributes:
    """What casbin's expressions reach with dots."""

    def __init__(self, record: dict[str, Any]) -> None:
        self.__dict__.update(record)


def casbin(work: Workload) -> Decide:
    """All rules one matcher, which casbin compiles once; a policy for each would take longer."""
    import casbin as library

    by_effect: dict[str, list[str]] = {"allow": [], "deny": []}
    for rule in json.loads(work.text("casbin_py.json")):
        by_effect[rule["effect"]].append(f"({rule['rule']})")
    matcher = f"({' || '.join(by_effect['allow'])}) && !({' || '.join(by_effect['deny'])})"
    model = library.Model()
    model.add_def("r", "r", "user, model, dataset, request")
    model.add_def("p", "p", "name")
    model.add_def("e", "e", "some(where (p.eft == allow))")
    model.add_def("m", "m", matcher)
    enforcer = library.Enforcer(model)
    enforcer.add_function("has", lambda items, item: item in items)
    enforcer.add_policy("all")

    return lambda count: [
        enforcer.enforce(*[_Attributes(record) for record in request.values()]) is True
        for request in work.requests[:count]
    ]


# The first one is what the others are compared with.
CONTENDERS: dict[str, Callable[[Workload], Decide]] = {
    "by hand in C": by_hand_in_c,
    "by hand in Python": by_hand_in_python,
    "Licet, dicts": licet_dicts,
    "Licet, JSON": licet_json,
    "cedarpy": cedarpy,
    "regopy": regopy,
    "casbin": casbin,
}
