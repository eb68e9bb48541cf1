#!/usr/bin/env python3
"""Attacks copies of a decision log in every way that files allow, and tells whether
`licet log verify` finds it, given a checkpoint that was kept elsewhere.

usage: attack_log.py PATH_OF_LICET LOG CHECKPOINT        the key is in LICET_LOG_KEY
exit code 0: every attack was found
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

FLIPS = 200  # bits, spread over all files of entries

licet, original, checkpoint = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])


def segments(log: Path) -> list[Path]:
    return sorted(log.glob("*.segment"))


def flip(log: Path, bit: int) -> None:
    for segment in segments(log):
        size = segment.stat().st_size * 8
        if bit < size:
            content = bytearray(segment.read_bytes())
            content[bit // 8] ^= 1 << bit % 8
            segment.write_bytes(content)
            return
        bit -= size


def truncate(log: Path) -> None:
    last = segments(log)[-1]
    last.write_bytes(last.read_bytes()[:-1000])


def cut_out(log: Path) -> None:
    segment = segments(log)[0]
    content = segment.read_bytes()
    segment.write_bytes(content[:2000] + content[2500:])


def delete_segment(log: Path) -> None:
    segments(log)[0].unlink()


def repeat_segment(log: Path) -> None:
    first = segments(log)[0]
    shutil.copy(first, first.with_name("00000000000000099999.segment"))


def remove_all_entries(log: Path) -> None:
    for segment in segments(log):
        segment.unlink()


def remove_checkpoint(log: Path) -> None:
    (log / "checkpoint").unlink()


def rewrite(log: Path) -> None:
    """Who has the key writes the whole log anew, without the refusals, and signs it."""
    shown = subprocess.run([licet, "log", "show", log], capture_output=True, text=True, check=True)
    requests = log.parent / "requests.jsonl"
    kept = [json.loads(line) for line in shown.stdout.splitlines()]
    kept = [e for e in kept if e["kind"] == "decision" and e["effect"] == "permit"]
    with requests.open("w", encoding="utf-8") as file:
        for entry in kept:
            request: dict = {}
            for path, value in entry["read"].items():
                root, name = path.split(".", 1)
                request.setdefault(root, {})[name] = value
            file.write(json.dumps(request) + "\n")
    for name in ["checkpoint", *[s.name for s in segments(log)]]:
        (log / name).unlink()
    policy = Path(__file__).resolve().parent
    subprocess.run(
        [licet, "decide", "-p", policy, requests, "--log", log], capture_output=True, check=False
    )
    assert segments(log), "the attack itself failed"


def attacks() -> Iterator[tuple[str, Callable[[Path], None]]]:
    bits = sum(segment.stat().st_size for segment in segments(original)) * 8
    for bit in random.Random(6).sample(range(bits), min(FLIPS, bits)):
        yield f"bit {bit} flipped", lambda log, bit=bit: flip(log, bit)
    yield "the end cut off", truncate
    yield "500 bytes cut out", cut_out
    yield "a segment deleted", delete_segment
    yield "a segment repeated", repeat_segment
    yield "all entries removed", remove_all_entries
    yield "the log's checkpoint removed", remove_checkpoint
    yield "the log written anew with its own key", rewrite


def main() -> int:
    missed = []
    count = 0
    for name, attack in attacks():
        count += 1
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "log"
            shutil.copytree(original, log)
            attack(log)
            verified = subprocess.run(
                [licet, "log", "verify", log, "--checkpoint", checkpoint], capture_output=True
            )
            if verified.returncode != 1:
                missed.append(name)
    for name in missed:
        print(f"   not found: {name}")
    print(f"   {count - len(missed)} of {count} attacks on the log were found")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
