#!/usr/bin/env python3
"""Lets Licet, code by hand and other engines decide W2 from Python in turns; prints tables.

usage: compare.py FOLDER_OF_WORKLOADS [--rounds N] [--ratios PROGRAM]

All contenders are in this process and go round together, a slice of CPU time each, so that what
the machine does meanwhile it does to all of them; ratios are medians of the rounds' ratios. First
each decides all requests, and a difference to the expected decisions ends the program. PROGRAM is
licet_ratios, which measures between the tables what a decision costs in C++.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from contenders import CONTENDERS, Decide, Workload, licet_rules

SLICE_NS = 20_000_000
ROWS = 200_000
# What must hold: a name, whether it does, what was measured.
Bar = tuple[str, bool, str]


def verify(name: str, decide: Decide, work: Workload) -> None:
    """Ends the program if a decision is wrong: no wrong answer is timed."""
    found = decide(len(work.expected))
    for number, (decision, expected) in enumerate(zip(found, work.expected, strict=True)):
        if decision != expected:
            sys.exit(f"error: {name} decides request {number} wrong, expected {expected}")


def slice_of(decide: Decide, count: int) -> float:
    """Nanoseconds of CPU time a call; a first round, not timed, fills the processor's caches."""
    decide(count)
    calls = 0
    begin = time.process_time_ns()
    while True:
        decide(count)
        calls += count
        passed = time.process_time_ns() - begin
        if passed >= SLICE_NS:
            return passed / calls


def measure_calls(work: Workload, rounds: int) -> dict[str, list[float]]:
    """Nanoseconds a call of each contender, round by round."""
    contenders = {}
    for name, make in CONTENDERS.items():
        try:
            contenders[name] = make(work)
        except ImportError as error:
            print(f"left out: {name}: {error}", file=sys.stderr)
            continue
        verify(name, contenders[name], work)
    # As many requests as fit a slice, for those that take long.
    counts = {name: 1024 if "Licet" in name or "hand" in name else 64 for name in contenders}
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, decide in contenders.items():
            times[name].append(slice_of(decide, counts[name]))
    return times


def ratio(times: dict[str, list[float]], name: str, base: str) -> float:
    """The median of the rounds' ratios."""
    pairs = zip(times[name], times[base], strict=True)
    return statistics.median(mine / other for mine, other in pairs)


def report_calls(times: dict[str, list[float]]) -> list[Bar]:
    """The table of single calls."""
    base, mine = "by hand in C", "Licet, dicts"
    print("| a W2 call from Python | ns | x by hand in C | x Licet, dicts |\n|---|---|---|---|")
    for name, found in times.items():
        print(
            f"| {name} | {statistics.median(found):,.0f} | {ratio(times, name, base):.2f} "
            f"| {ratio(times, name, mine):.2f} |"
        )
    print()
    bars: list[Bar] = [
        ("dicts: at most 2.5 x by hand in C", ratio(times, mine, base) <= 2.5,
         f"{ratio(times, mine, base):.2f}"),
    ]  # fmt: skip
    for peer in ("cedarpy", "regopy"):
        if peer in times:
            factor = ratio(times, peer, mine)
            bars.append((f"dicts: at least 50 x {peer}", factor >= 50, f"{factor:.0f}"))
    return bars


def flat_table(work: Workload, encode: bool) -> Any:
    """The requests over and over, as columns with dotted names; texts plain or by dictionary."""
    import pyarrow as pa

    names = [(root, key) for root, record in work.requests[0].items() for key in record]
    times = ROWS // len(work.requests) + 1
    columns: dict[str, Any] = {}
    for root, key in names:
        values = [request[root][key] for request in work.requests] * times
        column = pa.array(values[:ROWS])
        if encode and pa.types.is_string(column.type):
            column = column.dictionary_encode()
        columns[f"{root}.{key}"] = column
    return pa.table(columns)


def cpp_nanoseconds(program: Path, folder: Path) -> float:
    """What deciding W2 with slots takes in C++."""
    report = folder / "ratios.json"
    policies = Path(__file__).parents[1] / "policies"
    subprocess.run(
        [program, "--rounds", "3", "--json", report, "w2.rules"],
        env={"LICET_WORKLOADS": str(folder), "LICET_POLICIES": str(policies)},
        capture_output=True,
        check=False,  # exit code 1 says that a bar of its own does not hold
    )
    for workload in json.loads(report.read_text()):
        for row in workload["comparisons"]:
            if row["form"] == "decide, slots":
                return float(row["licet_ns"])
    raise ValueError(f"{report} does not tell what `decide, slots` takes")


def row_nanoseconds(engine: Any, table: Any) -> float:
    """CPU time a row, on one core."""
    begin = time.process_time_ns()
    engine.decide_table(table, threads=1)
    return (time.process_time_ns() - begin) / ROWS


def verify_table(engine: Any, table: Any, work: Workload) -> None:
    """Ends the program if a row is decided wrong."""
    effects = engine.decide_table(table, threads=1)["effect"].to_pylist()
    wanted = ["permit" if one else "deny" for one in work.expected]
    for row, effect in enumerate(effects):
        if effect != wanted[row % len(wanted)]:
            sys.exit(f"error: row {row} is decided wrong")


def report_tables(work: Workload, rounds: int, ratios: Path | None) -> list[Bar]:
    """The table of tables; one thread, so rows a second are those of a core."""
    import licet

    engine = licet.load(sources={"w2.licet": licet_rules(work.rego)})
    labels = {"texts as they are": False, "texts by dictionary": True}
    tables = {label: flat_table(work, encode) for label, encode in labels.items()}
    for table in tables.values():
        verify_table(engine, table, work)
    times: dict[str, list[float]] = {label: [] for label in tables}
    in_cpp: list[float] = []
    for _ in range(rounds):
        for label, table in tables.items():
            times[label].append(row_nanoseconds(engine, table))
        if ratios is not None:
            in_cpp.append(cpp_nanoseconds(ratios, work.folder))
    print("| W2 as an Arrow table, one core | ns a row | million rows/s | x C++ by slots |")
    print("|---|---|---|---|")
    factors = []
    for label, found in times.items():
        row_ns = statistics.median(found)
        # Without the program in C++ there is nothing to compare with.
        pairs = zip(found, in_cpp or [0.0] * len(found), strict=True)
        factor = statistics.median(mine / other if other else math.inf for mine, other in pairs)
        factors.append(factor)
        print(f"| {label} | {row_ns:,.0f} | {1000 / row_ns:.2f} | {factor:.2f} |")
    print()
    rate = 1000 / min(statistics.median(found) for found in times.values())
    text = f"{rate:.2f} million rows a second, {min(factors):.2f} x C++"
    return [
        ("tables: 3 million rows/s a core, or 1.5 x C++", rate >= 3 or min(factors) <= 1.5, text)
    ]


def report_import(rounds: int) -> Bar:
    """What `import licet` takes, in a process of its own."""
    code = (
        "import time; begin = time.process_time_ns(); import licet; "
        "print(time.process_time_ns() - begin)"
    )
    found = [
        int(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
        for _ in range(rounds)
    ]
    milliseconds = statistics.median(found) / 1e6
    return "import licet: under 50 ms", milliseconds < 50, f"{milliseconds:.1f} ms"


def main() -> int:
    """Measures everything; exit code 1 if a bar does not hold."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--ratios", type=Path)
    arguments = parser.parse_args()
    work = Workload(arguments.folder)
    bars = report_calls(measure_calls(work, arguments.rounds))
    bars += report_tables(work, arguments.rounds, arguments.ratios)
    bars.append(report_import(arguments.rounds))
    print("| must hold | measured | |\n|---|---|---|")
    for name, holds, measured in bars:
        print(f"| {name} | {measured} | {'yes' if holds else '**no**'} |")
    return 0 if all(holds for _, holds, _ in bars) else 1


if __name__ == "__main__":
    sys.exit(main())
