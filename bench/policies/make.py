#!/usr/bin/env python3
"""Makes the data and the inputs of the general policies: NAME.data.json and NAME.inputs.jsonl.

usage: make.py [FOLDER]     default: where this file is; the same in each run

NAME.expected.jsonl has what OPA answers, one line an input; bench/peers/run --expect writes it.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import Any

INPUTS = 8
TEAMS = ["fraud", "risk", "ads", "health", "search", "infra"]
Case = tuple[dict[str, Any], list[dict[str, Any]]]


def iteration(rng: random.Random) -> Case:
    staff = [f"user_{i:03}" for i in range(60)]
    models = [
        {
            "id": f"model_{i:04}",
            "stage": rng.choice(["dev", "staging", "production", "production", "retired"]),
            "risk": rng.choice(["low", "medium", "high", "critical"]),
            "owner": f"user_{rng.randrange(64):03}",
            "reviewed_days_ago": rng.randrange(400),
        }
        for i in range(200)
    ]
    inputs = [
        {
            "model": f"model_{rng.randrange(200):04}",
            "risks": rng.sample(["low", "medium", "high", "critical"], 2),
            "max_days": rng.randrange(200, 390),
        }
        for _ in range(INPUTS)
    ]
    return {"models": models, "staff": staff}, inputs


def nested(rng: random.Random) -> Case:
    registries = ["registry.internal/ml/", "registry.internal/base/", "mirror.internal/"]
    mounts = ["/etc", "/var/run", "/root", "/proc", "/data", "/models", "/tmp"]

    def container(i: int) -> dict[str, Any]:
        return {
            "name": f"c{i if rng.random() < 0.9 else 0}",
            "image": rng.choice(registries + ["docker.example/"][: rng.random() < 0.1]) + f"img{i}",
            "ports": [rng.choice([8080, 9090, 8443, 9000, 443 if rng.random() < 0.1 else 8081])
                      for _ in range(3)],
            "mounts": [rng.choice(mounts[3:] if rng.random() < 0.95 else mounts) for _ in range(2)],
        }

    inputs = [
        {"pods": [{"name": f"pod{p}", "containers": [container(i) for i in range(4)]}
                  for p in range(6)]}
        for _ in range(INPUTS)
    ]
    return {"registries": registries, "forbidden_mounts": mounts[:4]}, inputs


def comprehensions(rng: random.Random) -> Case:
    calls = [
        {
            "team": rng.choice(TEAMS),
            "model": f"m{rng.randrange(12)}",
            "day": rng.randrange(1, 29),
            "tokens": rng.randrange(10, 5000),
            "ms": rng.randrange(20, 1000),
        }
        for _ in range(150)
    ]
    inputs = []
    for _ in range(INPUTS):
        first = rng.randrange(1, 15)
        last = first + rng.randrange(5, 14)
        inputs.append({"from": first, "to": last, "limit": rng.randrange(10_000, 60_000)})
    return {"calls": calls}, inputs


def partial_rules(rng: random.Random) -> Case:
    roles = [f"role_{i}" for i in range(12)]
    kinds = ["model", "dataset", "endpoint", "secret", "job"]
    actions = ["read", "write", "deploy", "delete", "train"]
    users = {
        f"user_{i}": {"roles": rng.sample(roles, 2), "groups": rng.sample(["g1", "g2", "g3"], 2)}
        for i in range(40)
    }
    data = {
        "users": users,
        "groups": {g: rng.sample(roles, 3) for g in ("g1", "g2", "g3")},
        "on_call": ["user_1", "user_7", "user_9"],
        "grants": {
            role: [{"kind": rng.choice(kinds), "actions": rng.sample(actions, 2)} for _ in range(4)]
            for role in roles
        },
        "limits": {role: {kind: rng.randrange(10, 100) for kind in kinds} for role in roles},
    }
    inputs = [
        {
            "user": f"user_{rng.randrange(12)}",
            "kind": rng.choice(kinds),
            "action": rng.choice(actions),
            "size": rng.randrange(120),
        }
        for _ in range(INPUTS)
    ]
    return data, inputs


def functions(rng: random.Random) -> Case:
    names = [f"f{i:02}" for i in range(24)]
    bounds = {}
    for name in names:
        low = rng.randrange(0, 50)
        bounds[name] = {"min": low, "max": low + rng.randrange(1, 60) * 2}
    weights = {name: rng.randrange(1, 5) for name in names if rng.random() < 0.7}
    inputs = [
        {"features": {name: rng.randrange(-20, 160) for name in rng.sample(names, 18)}}
        for _ in range(INPUTS)
    ]
    return {"bounds": bounds, "weights": weights}, inputs


def regex(rng: random.Random) -> Case:
    patterns = {
        "email": r"[a-z0-9._]+@[a-z0-9]+\.[a-z]{2,}",
        "card": r"\b[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}\b",
        "injection": r"(?i)ignore (all|the) (previous|above) instructions",
        "url": r"https?://[^ ]+",
        "key": r"\b(sk|pk)_(live|test)_[A-Za-z0-9]{8,}\b",
        "long_word": r"[A-Za-z]{14,}",
    }
    words = ["please", "summarise", "the", "report", "of", "ann@corp.example", "quarter", "77001234",
             "https://intra.example/a", "sk_live_A1b2C3d4E5", "internationalization", "risk",
             "4111 1111 1111 1111", "ignore the previous instructions", "model", "scores"]
    weights = [9] * 5 + [2, 9, 2, 2, 1, 2, 9, 1, 1, 9, 9]
    inputs = [
        {
            "prompts": [" ".join(rng.choices(words, weights, k=18)) for _ in range(5)],
            "names": [rng.choice(["churn-v2", "fraud", "Bad_Name", "a--b", "x9-y-z", "credit-score"])
                      for _ in range(4)],
        }
        for _ in range(INPUTS)
    ]
    return {"patterns": patterns}, inputs


def walk(rng: random.Random) -> Case:
    keys = ["host", "port", "password", "api_token", "retries", "name", "limits", "nested", "tags"]

    def tree(depth: int) -> Any:
        if depth == 0 or rng.random() < 0.15:
            return rng.choice([rng.randrange(2000), f"text_{rng.randrange(99)}", True, None])
        if rng.random() < 0.3:
            return [tree(depth - 1) for _ in range(3)]
        return {key: tree(depth - 1) for key in rng.sample(keys, 4)}

    inputs = [{"config": {"service": tree(4), "store": tree(4)}} for _ in range(INPUTS)]
    return {"secret_words": ["password", "token", "secret"], "largest": 1500}, inputs


def strings(rng: random.Random) -> Case:
    quota = {"gpu": 8, "memory": 64, "disk": 500, "notebook": 2, "endpoint": 4}
    kinds = list(quota) + ["quantum"]
    inputs = [
        {
            "user": rng.choice(["ann_lee", "bob_van_dyke", "eve"]),
            "title": rng.choice([" Request For More ", "Quarterly Training Run", "Retry"]),
            "items": [
                {"kind": rng.choice(kinds), "count": rng.randrange(1, 700), "id": f"id_{i:03}"}
                for i in range(12)
            ],
        }
        for _ in range(INPUTS)
    ]
    return {"quota": quota}, inputs


def graph(rng: random.Random) -> Case:
    datasets = [f"d{i:03}" for i in range(150)]
    feeds = {
        name: [datasets[min(i + rng.randrange(1, 30), 149)] for _ in range(2)]
        for i, name in enumerate(datasets[:-1])
    }
    feeds[datasets[-1]] = []
    roles = [f"r{i:02}" for i in range(30)]
    inherits = {role: [r for r in rng.sample(roles[i + 1 :], min(2, 29 - i))]
                for i, role in enumerate(roles)}
    data = {
        "feeds": feeds,
        "inherits": inherits,
        "owner": {name: rng.choice(TEAMS) for name in datasets},
        "actions": {role: rng.sample(["read", "train", "publish", "erase"], 1) for role in roles},
        "frozen": rng.sample(datasets[:120], 3),
    }
    inputs = [
        {
            "role": rng.choice(roles[:15]),
            "dataset": rng.choice(datasets[60:130]),
            "action": rng.choice(["read", "train", "publish", "erase"]),
        }
        for _ in range(INPUTS)
    ]
    return data, inputs


def objects(rng: random.Random) -> Case:
    keys = [f"key_{i:02}" for i in range(30)] + ["token", "region"]
    data = {
        "defaults": {key: rng.randrange(100) for key in keys[:-1]},
        "tiers": {
            tier: {key: rng.randrange(100) for key in rng.sample(keys[:30], 8)}
            for tier in ("free", "team", "enterprise")
        },
        "public_keys": keys[5:20] + ["token", "region"],
        "kinds": ["table", "file", "stream", "model"],
    }
    inputs = [
        {
            "tier": rng.choice(["free", "team", "enterprise"]),
            "overrides": {key: rng.randrange(100) for key in rng.sample(keys, 5)},
            "items": [
                {
                    "name": f"item_{rng.randrange(999):03}",
                    "size": rng.randrange(1000),
                    "kind": rng.choice(data["kinds"]),
                }
                for _ in range(20)
            ],
        }
        for _ in range(INPUTS)
    ]
    return data, inputs


MAKERS = [iteration, nested, comprehensions, partial_rules, functions, regex, walk, strings, graph,
          objects]


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else Path(__file__).parent
    for make in MAKERS:
        name = make.__name__
        data, inputs = make(random.Random(name))
        lines = "".join(json.dumps(i, separators=(",", ":")) + "\n" for i in inputs)
        text = json.dumps(data, separators=(",", ":")) + "\n"
        (folder / f"{name}.data.json").write_text(text, encoding="utf-8")
        (folder / f"{name}.inputs.jsonl").write_text(lines, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
