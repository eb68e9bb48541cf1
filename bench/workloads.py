#!/usr/bin/env python3
"""Makes the workload files: those of the shared generator, and larger ones of the same kinds.

usage: workloads.py GENERATOR FOLDER [--small]

GENERATOR is gen.py of the shared test data. Beyond its files this writes W1 with up to 100,000
grants as rules and 1,000,000 as data, W1's join written in another order (`.joined`), and W3 with
10 and 100,000 rules; with --small nothing above 10,000. Everything is the same in each run.
"""

from __future__ import annotations

import importlib.util
import itertools
import json
import random
import sys
from pathlib import Path

REQUESTS = 1024
ACTIONS = ["read", "infer", "train", "deploy", "delete"]
RULES_AT_MOST = 100_000  # as policy text; more grants are data only

HEAD = "package authz\n\nimport rego.v1\n\ndefault allow := false\n\n"
RULE = (
    'allow if {{\n\tinput.model.id == "{1}"\n\tinput.request.action == "{2}"\n'
    '\t"{0}" in input.user.roles\n}}\n\n'
)
ITERATED = (
    "allow if {\n\tsome g in data.grants\n\tg.model == input.model.id\n"
    "\tg.action == input.request.action\n\tg.role in input.user.roles\n}\n"
)
JOINED = (
    "allow if {\n\tsome role in input.user.roles\n\tsome grant in data.grants\n"
    "\trole == grant.role\n\tinput.request.action == grant.action\n"
    "\tinput.model.id == grant.model\n}\n"
)
KEYED = (
    "allow if {\n\tsome r in input.user.roles\n"
    "\tdata.grants[input.model.id][input.request.action][r]\n}\n"
)

Grant = tuple[str, str, str]  # role, model, action


def compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def write_large_w1(folder: Path, count: int) -> None:
    rng = random.Random(1000 + count)
    roles = [f"role_{i:04}" for i in range(count // 500)]
    models = [f"model_{i:06}" for i in range(count // 25)]
    grants: dict[Grant, None] = {}
    while len(grants) < count:
        grants[rng.choice(roles), rng.choice(models), rng.choice(ACTIONS)] = None
    chosen = list(grants)
    requests, expected = balanced_requests(rng, grants, chosen, roles, models)

    stem = folder / f"w1_{count}"
    description = {"workload": "w1", "n": count, "grants": chosen, "models": models, "roles": roles}
    write(stem, ".json", compact(description))
    write(stem, ".requests.jsonl", "".join(compact(r) + "\n" for r in requests))
    write(stem, ".expected.json", compact([int(e) for e in expected]))
    write_policies(stem, chosen)


def balanced_requests(
    rng: random.Random, grants: dict[Grant, None], chosen: list[Grant], roles: list[str],
    models: list[str],
) -> tuple[list[dict[str, object]], list[bool]]:
    """Half of the requests are permitted, in random order."""
    wanted = {True: REQUESTS // 2, False: REQUESTS // 2}
    pairs: list[tuple[dict[str, object], bool]] = []
    for number in itertools.count():
        role, model, action = rng.choice(chosen)
        some_roles = rng.sample(roles, 3)
        if rng.random() < 0.5:
            some_roles[rng.randrange(3)] = role
        else:
            model, action = rng.choice(models), rng.choice(ACTIONS)
        is_permitted = any((r, model, action) in grants for r in some_roles)
        if wanted[is_permitted] > 0:
            wanted[is_permitted] -= 1
            user = {"id": f"user_{number:05}", "roles": some_roles}
            request = {"user": user, "model": {"id": model}, "request": {"action": action}}
            pairs.append((request, is_permitted))
        if not any(wanted.values()):
            break
    rng.shuffle(pairs)
    return [request for request, _ in pairs], [is_permitted for _, is_permitted in pairs]


def write_policies(stem: Path, grants: list[Grant]) -> None:
    if len(grants) <= RULES_AT_MOST:
        write(stem, ".rules.rego", HEAD + "".join(RULE.format(*grant) for grant in grants))
    keyed: dict[str, dict[str, dict[str, bool]]] = {}
    for role, model, action in grants:
        keyed.setdefault(model, {}).setdefault(action, {})[role] = True
    rows = [{"role": role, "model": model, "action": action} for role, model, action in grants]
    write(stem, ".data.rego", HEAD + ITERATED)
    write(stem, ".data.data.json", compact({"grants": rows}))
    write(stem, ".keyed.rego", HEAD + KEYED)
    write(stem, ".keyed.data.json", compact({"grants": keyed}))


def write_joined(folder: Path, count: int) -> None:
    """The join of the data in another order; the data are those of `.data`."""
    stem = folder / f"w1_{count}"
    write(stem, ".joined.rego", HEAD + JOINED)
    link = stem.with_name(stem.name + ".joined.data.json")
    link.unlink(missing_ok=True)
    link.symlink_to(f"{stem.name}.data.data.json")


def write(stem: Path, suffix: str, text: str) -> None:
    stem.with_name(stem.name + suffix).write_text(text, encoding="utf-8")


def main(arguments: list[str]) -> int:
    is_small = "--small" in arguments
    paths = [argument for argument in arguments if argument != "--small"]
    if len(paths) != 2 or not Path(paths[0]).is_file():
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(paths[1])
    folder.mkdir(parents=True, exist_ok=True)
    spec = importlib.util.spec_from_file_location("shared_generator", paths[0])
    assert spec and spec.loader
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    generator.HERE = str(folder)

    counts = [10, 100, 1000, 10_000]
    for count in counts:
        generator.w1(count)
    generator.w2()
    for count in counts + ([] if is_small else [100_000]):
        generator.w3(count)
    for count in [] if is_small else [100_000, 1_000_000]:
        write_large_w1(folder, count)
        counts.append(count)
    for count in counts:
        write_joined(folder, count)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
