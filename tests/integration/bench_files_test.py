#!/usr/bin/env python3
"""The files of the benchmarks fit together. Builds nothing and asks no network."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

BENCH = Path(__file__).resolve().parents[2] / "bench"
POLICIES = BENCH / "policies"


def problems() -> list[str]:
    found: list[str] = []
    for script in [*BENCH.glob("*.py"), *POLICIES.glob("*.py"), *(BENCH / "peers").glob("*.py")]:
        try:
            compile(script.read_text(encoding="utf-8"), str(script), "exec")
        except SyntaxError as error:
            found.append(f"{script}: {error}")
    for script in [BENCH / "run", BENCH / "peers/run"]:
        if subprocess.run(["bash", "-n", str(script)], check=False).returncode != 0:
            found.append(f"{script}: bash cannot read it")
    return found + problems_of_policies() + problems_of_versions()


def problems_of_policies() -> list[str]:
    found: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, str(POLICIES / "make.py"), folder], check=True)
        for made in sorted(Path(folder).iterdir()):
            kept = POLICIES / made.name
            if not kept.is_file() or kept.read_bytes() != made.read_bytes():
                found.append(f"{kept}: is not what make.py makes")
    for policy in sorted(POLICIES.glob("*.rego")):
        counts = [
            len(policy.with_suffix(suffix).read_text(encoding="utf-8").splitlines())
            for suffix in (".inputs.jsonl", ".expected.jsonl")
        ]
        if counts[0] != counts[1] or counts[0] == 0:
            found.append(f"{policy}: {counts[0]} inputs and {counts[1]} expected answers")
    return found


def problems_of_versions() -> list[str]:
    """Peers are built at exactly one version, and the checksums of all modules are kept."""
    found: list[str] = []
    modules = (BENCH / "peers/go/go.mod").read_text(encoding="utf-8")
    sums = (BENCH / "peers/go/go.sum").read_text(encoding="utf-8")
    for name, version in re.findall(r"^\t(\S+) (v\S+)", modules, re.MULTILINE):
        if f"{name} {version}/go.mod " not in sums:
            found.append(f"go.sum lacks {name} {version}")
    cargo = (BENCH / "peers/rust/Cargo.toml").read_text(encoding="utf-8")
    lock = (BENCH / "peers/rust/Cargo.lock").read_text(encoding="utf-8")
    for name, version in re.findall(r'^(cedar-policy|regorus) = "=(\S+)"', cargo, re.MULTILINE):
        if f'name = "{name}"\nversion = "{version}"' not in lock:
            found.append(f"Cargo.lock lacks {name} {version}")
    return found


if __name__ == "__main__":
    for problem in problems():
        print(problem)
    sys.exit(1 if problems() else 0)
