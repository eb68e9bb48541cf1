"""Runs language cases through `licet eval --jsonl` and `licet check`, and judges the answers.

    conformance.py LICET [FOLDER]

FOLDER holds visible_t1.jsonl, visible_t2.jsonl, visible_t3.jsonl, compile_cases_v1.jsonl and judge.py; without it, it is
the folder `conformance` of LICET_SHARED, and without that variable the exit code is 77: skipped.

Of tiers 1 and 2 every case must pass, by its result and by the code of its error. Of tier 3 every case marked `core`
must. A compile case must be refused with the same codes at the same rows and columns. A case without an answer is a
failure: a crash or a hang.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SECONDS_PER_TIER = 300
REQUEST_FIELDS = ("id", "modules", "data", "input", "input_term", "has_input", "query", "strict_error")


def wanted_cases(folder: Path, tier: int) -> list[str]:
    lines = (folder / f"visible_t{tier}.jsonl").read_text().splitlines()
    return [line for line in lines if tier < 3 or json.loads(line).get("core")]


def request(case: str) -> str:
    fields = json.loads(case)
    return json.dumps({name: fields[name] for name in REQUEST_FIELDS if name in fields})


def judge(folder: Path, cases: list[str], results: str, *options: str) -> list[str]:
    """The lines about cases that fail; `options` go to judge.py."""
    with tempfile.TemporaryDirectory() as scratch:
        cases_file = Path(scratch) / "cases.jsonl"
        results_file = Path(scratch) / "results.jsonl"
        cases_file.write_text("\n".join(cases) + "\n")
        results_file.write_text(results)
        run = subprocess.run([sys.executable, folder / "judge.py", cases_file, results_file, "--v", *options],
                             capture_output=True, text=True, check=True)
    return [line for line in run.stdout.splitlines() if not line.startswith("tier ")]


def check_tier(licet: str, folder: Path, tier: int) -> bool:
    cases = wanted_cases(folder, tier)
    run = subprocess.run([licet, "eval", "--jsonl"], input="\n".join(map(request, cases)) + "\n", capture_output=True,
                         text=True, timeout=SECONDS_PER_TIER, check=False)
    answered = sum(1 for line in run.stdout.splitlines() if line.strip())
    by_result = judge(folder, cases, run.stdout)
    by_code = judge(folder, cases, run.stdout, "--codes")
    good = run.returncode == 0 and answered == len(cases) > 0 and not by_result and not by_code
    what = f"tier {tier}" + (" core" if tier == 3 else "")
    print(f"{what}: {len(cases)} cases, {answered} answered, {len(by_result)} fail by result, {len(by_code)} by result "
          f"and code, exit {run.returncode}", flush=True)
    for line in sorted(set(by_result + by_code)):
        print(f"  {line}")
    return good


def diagnostics(licet: str, case: dict) -> set[tuple[str, int, int]]:
    with tempfile.TemporaryDirectory() as scratch:
        for number, text in enumerate(case["modules"]):
            (Path(scratch) / f"m{number}.rego").write_text(text)
        strict = ["--strict"] if case.get("strict") else []
        run = subprocess.run([licet, "check", "--json", *strict, scratch], capture_output=True, text=True, check=False,
                             timeout=SECONDS_PER_TIER)
    found = json.loads(run.stdout)["diagnostics"]
    return {(d["rego_code"], d["line"], d["column"]) for d in found if d["severity"] == "error"}


def check_compile_cases(licet: str, folder: Path) -> bool:
    cases = [json.loads(line) for line in (folder / "compile_cases_v1.jsonl").read_text().splitlines()]
    failures = []
    for case in cases:
        wanted = {(e["code"], e["row"], e["col"]) for e in case["want_errors"]}
        found = diagnostics(licet, case)
        if found != wanted if case.get("exhaustive") else not wanted <= found:
            failures.append(f"  {case['id']}: wanted {sorted(wanted)}, found {sorted(found)}")
    print(f"compile: {len(cases)} cases, {len(failures)} fail by code, row and column", flush=True)
    print("".join(line + "\n" for line in failures), end="")
    return bool(cases) and not failures


def main(licet: str, folder: Path) -> int:
    checks = [check_tier(licet, folder, tier) for tier in (1, 2, 3)]
    checks.append(check_compile_cases(licet, folder))
    return 0 if all(checks) else 1


def folder_of(arguments: list[str]) -> Path:
    if arguments:
        return Path(arguments[0])
    if "LICET_SHARED" not in os.environ:
        print("skipped: LICET_SHARED is not set")
        sys.exit(77)
    return Path(os.environ["LICET_SHARED"]) / "conformance"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], folder_of(sys.argv[2:])))
