#!/usr/bin/env python3
"""Counts test cases after a run of ctest: prints "PASSED FAILED SKIPPED".

A ctest test that left a GoogleTest report counts with its cases, any other as one. A test that
failed although its report holds no failure (it crashed late, say) is one failure.

usage: count.py CTEST_JUNIT_FILE FOLDER_OF_GTEST_REPORTS
       count.py --pytest JUNIT_FILE
"""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path


def outcomes_of_report(report: Path) -> Counter[str]:
    counts: Counter[str] = Counter()
    for case in ElementTree.parse(report).iter("testcase"):
        if case.find("failure") is not None:
            counts["failed"] += 1
        elif case.get("result") in ("skipped", "suppressed") or case.get("status") == "notrun":
            counts["skipped"] += 1
        else:
            counts["passed"] += 1
    return counts


def outcome_of_test(test: ElementTree.Element) -> str:
    if test.get("status") == "run":
        return "passed"
    return "skipped" if test.find("skipped") is not None else "failed"


def count(junit: Path, reports: Path) -> Counter[str]:
    total: Counter[str] = Counter()
    for test in ElementTree.parse(junit).iter("testcase"):
        outcome = outcome_of_test(test)
        report = reports / f"{test.get('name')}.xml"
        counts = outcomes_of_report(report) if report.is_file() else Counter({outcome: 1})
        if outcome == "failed" and counts["failed"] == 0:
            counts["failed"] = 1
        total += counts
    return total


def count_pytest(junit: Path) -> Counter[str]:
    total: Counter[str] = Counter()
    for case in ElementTree.parse(junit).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            total["failed"] += 1
        else:
            total["skipped" if case.find("skipped") is not None else "passed"] += 1
    return total


if __name__ == "__main__":
    if sys.argv[1] == "--pytest":
        totals = count_pytest(Path(sys.argv[2]))
    else:
        totals = count(Path(sys.argv[1]), Path(sys.argv[2]))
    print(totals["passed"], totals["failed"], totals["skipped"])
