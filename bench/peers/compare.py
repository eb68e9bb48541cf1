#!/usr/bin/env python3
"""Lets Licet, hand-written code and other engines decide the same work in turns; prints a table.

Each contender is a process that answers `slice MILLISECONDS` with the CPU time of one decision (the
protocol stands in go/main.go). All of one workload go round together, so that whatever the machine
does meanwhile it does to all of them; ratios are medians of the rounds' ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

GENERAL = ["iteration", "nested", "comprehensions", "partial_rules", "functions", "regex", "walk",
           "strings", "graph", "objects"]
WORK = [
    ("w1_10.rules", "ready"), ("w1_10000.rules", "ready"), ("w1_10000.data", "ready"),
    ("w1_10000.keyed", "ready"), ("w2.rules", "ready"), ("w2.rules", "json"),
    ("w3_1000.rules", "ready"), ("w3_10000.rules", "ready"),
] + [(f"general/{name}", "ready") for name in GENERAL]
SETUP_SECONDS = 300  # compiling the policy and comparing decisions
PEERS = {"opa": "go", "cel": "go", "cel_bucketed": "go", "casbin": "go", "cedar": "rust",
         "regorus": "rust"}
LABELS = {"opa": "OPA", "cel": "cel-go", "cel_bucketed": "cel-go, bucketed by the host",
          "casbin": "Casbin", "cedar": "Cedar", "regorus": "regorus"}


@dataclass
class Contender:
    label: str
    process: subprocess.Popen[str]
    version: str = ""
    verified: int = 0
    nanoseconds: list[float] = field(default_factory=list)

    def ask(self, line: str) -> str:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def median(self) -> float:
        return statistics.median(self.nanoseconds)

    def ratio_to(self, other: Contender) -> float:
        pairs = zip(self.nanoseconds, other.nanoseconds)
        return statistics.median(mine / theirs for mine, theirs in pairs)


@dataclass
class Result:
    workload: str
    form: str
    contenders: list[Contender] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)

    def named(self, label: str) -> Contender | None:
        return next((c for c in self.contenders if c.label == label), None)

    def licet(self) -> Contender:
        """The form of Licet that the others are compared with: the fastest that does their work."""
        return min((c for c in self.contenders if c.label.startswith("Licet")),
                   key=Contender.median)

    def by_hand(self) -> Contender | None:
        return self.named("by hand, JSON" if self.form == "json" else "by hand, strings")


def licet_contenders(workload: str, form: str) -> dict[str, str]:
    """Label: contender of licet_ratios."""
    if workload.startswith("general/"):
        return {"Licet": "query"}
    if form == "json":
        return {"by hand, JSON": "by hand, JSON", "Licet, permit/forbid": "decide, JSON",
                "Licet, Rego": "query, JSON"}
    return {"by hand, strings": "by hand, strings", "by hand, symbols": "by hand, symbols",
            "Licet, permit/forbid": "decide, slots", "Licet, Rego": "query, slots"}


def start(label: str, command: list[str]) -> Contender:
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                               env=dict(os.environ, GOMAXPROCS="1"))
    return Contender(label, process)


def commands(build: Path, workload: str, form: str) -> tuple[dict[str, list[str]], dict[str, str]]:
    """The contenders' command lines, and what is left out with its reason."""
    found: dict[str, list[str]] = {}
    skipped: dict[str, str] = {}
    for label, name in licet_contenders(workload, form).items():
        found[label] = [str(build / "release/licet_ratios"), "--serve", name, workload]
    folders = [os.environ["LICET_WORKLOADS"], os.environ["LICET_POLICIES"]]
    for engine, language in PEERS.items():
        reason = build / f"peers/{language}.skipped"
        if reason.exists():
            skipped[LABELS[engine]] = f"does not build: {reason.read_text()}"
            continue
        program = str(build / f"peers/peers-{language}")
        found[LABELS[engine]] = [program, engine, workload, form, *folders]
    return found, skipped


def first_line(process: subprocess.Popen[str]) -> str:
    """What it says when it is ready; empty if it ends before or takes too long."""
    assert process.stdout
    killer = threading.Timer(SETUP_SECONDS, process.kill)
    killer.start()
    line = process.stdout.readline()
    killer.cancel()
    return line.strip()


def greet(contender: Contender, result: Result) -> bool:
    """Waits until the contender has compared its decisions with the expected ones."""
    word, _, rest = first_line(contender.process).partition(" ")
    if word == "ready":
        count, _, contender.version = rest.partition(" ")
        contender.verified = int(count)
        return True
    if not word and not contender.label.startswith(("Licet", "by hand")):
        code = contender.process.wait()
        result.skipped[contender.label] = (
            f"not ready for {result.workload} within {SETUP_SECONDS} s" if code == -signal.SIGKILL
            else f"ended with code {code} on {result.workload}")
        return False
    if word != "skip":
        sys.exit(f"error: {result.workload}, {contender.label}: {rest or 'no answer'}")
    result.skipped[contender.label] = rest
    return False


def measure(build: Path, workload: str, form: str, rounds: int, slice_ms: int) -> Result:
    found, skipped = commands(build, workload, form)
    result = Result(workload, form, skipped=skipped)
    for label, command in found.items():
        contender = start(label, command)
        if greet(contender, result):
            result.contenders.append(contender)
    for _ in range(rounds):
        for contender in result.contenders:
            contender.nanoseconds.append(float(contender.ask(f"slice {slice_ms}")))
    for contender in result.contenders:
        assert contender.process.stdin
        contender.process.stdin.close()
        contender.process.wait()
    return result


def rows_of(result: Result) -> list[list[str]]:
    licet, by_hand = result.licet(), result.by_hand()
    rows = []
    for contender in result.contenders:
        rows.append([
            f"{result.workload} {result.form}", contender.label, f"{contender.median():,.0f}",
            f"{contender.ratio_to(licet):,.2f}",
            f"{contender.ratio_to(by_hand):,.1f}" if by_hand else "",
            contender.version, f"{contender.verified:,}",
        ])
    return rows


HEAD = ["work", "engine", "ns", "x Licet", "x by hand", "version", "verified"]


def text_table(rows: list[list[str]]) -> str:
    widths = [max(len(row[i]) for row in [HEAD, *rows]) for i in range(len(HEAD))]
    lines = []
    for row in [HEAD, *rows]:
        cells = [cell.rjust(width) if i in (2, 3, 4, 6) else cell.ljust(width)
                 for i, (cell, width) in enumerate(zip(row, widths))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines) + "\n"


def markdown(results: list[Result]) -> str:
    """One row an engine, one column a workload: nanoseconds, and how often Licet's in brackets."""
    lines = []
    for title, some in (
        ("decisions", [r for r in results if not r.workload.startswith("general/")]),
        ("general Rego", [r for r in results if r.workload.startswith("general/")]),
    ):
        if not some:
            continue
        names = [f"{r.workload.removeprefix('general/')}{' JSON' if r.form == 'json' else ''}"
                 for r in some]
        lines += [f"| {title}, ns | " + " | ".join(names) + " |", "|---" * (len(some) + 1) + "|"]
        labels: dict[str, None] = {}
        for result in some:
            labels.update(dict.fromkeys(c.label for c in result.contenders))
        for label in labels:
            cells = []
            for result in some:
                contender = result.named(label)
                if contender is None:
                    cells.append("")
                elif contender is result.licet():
                    cells.append(f"{contender.median():,.0f}")
                else:
                    ratio = contender.ratio_to(result.licet())
                    digits = 2 if ratio < 10 else 0
                    cells.append(f"{contender.median():,.0f} ({ratio:,.{digits}f}x)")
            lines.append(f"| {label} | " + " | ".join(cells) + " |")
        lines.append("")
    versions = {c.version for r in results for c in r.contenders}
    return "\n".join(lines) + "\nVersions: " + ", ".join(sorted(versions)) + ".\n"


def as_json(results: list[Result]) -> str:
    return json.dumps([
        {
            "workload": r.workload, "form": r.form, "skipped": r.skipped,
            "engines": [
                {"engine": c.label, "version": c.version, "verified": c.verified,
                 "ns": c.median(), "rounds_ns": c.nanoseconds,
                 "ratio_to_licet": c.ratio_to(r.licet())}
                for c in r.contenders
            ],
        }
        for r in results
    ], indent=1)


def write_expected(build: Path) -> None:
    policies = Path(os.environ["LICET_POLICIES"])
    for name in GENERAL:
        path = policies / f"{name}.expected.jsonl"
        path.unlink(missing_ok=True)
        command = [str(build / "peers/peers-go"), "opa", f"general/{name}", "ready", "-",
                   str(policies)]
        answers = subprocess.run(command, input="answers\n", capture_output=True, text=True,
                                 check=True).stdout.splitlines()[1:]
        path.write_text("".join(line + "\n" for line in answers), encoding="utf-8")
        print(f"{path.name}: {len(answers)} answers")


def work_of(names: list[str]) -> list[tuple[str, str]]:
    if not names:
        return WORK
    chosen = []
    for name in names:
        bare = name.removesuffix(":json")
        chosen.append((bare, "json" if bare != name else "ready"))
    return chosen


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--slice-ms", type=int, default=20)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("--expect", action="store_true")
    parser.add_argument("workloads", nargs="*")
    arguments = parser.parse_args()
    if arguments.expect:
        write_expected(arguments.build)
        return 0
    results: list[Result] = []
    for workload, form in work_of(arguments.workloads):
        result = measure(arguments.build, workload, form, arguments.rounds, arguments.slice_ms)
        results.append(result)
        print(text_table(rows_of(result)), flush=True)
        if arguments.json:
            arguments.json.write_text(as_json(results), encoding="utf-8")
        if arguments.markdown:
            arguments.markdown.write_text(markdown(results), encoding="utf-8")
    reasons = {(engine, reason) for r in results for engine, reason in r.skipped.items()}
    for engine, reason in sorted(reasons):
        print(f"skipped: {engine}: {reason}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
