#!/usr/bin/env python3
"""Checks every #include of the tree against the arrows between its folders.

Two rules explain the tree: folder names are the way of the data, and depth is privacy: a file
directly in lang/ or eval/ may be included by other folders, a sub-folder is internal. The tables
below are these rules; a new file directly in lang/ or eval/ stands on top of its sub-folders until
it is listed in a lower layer.

usage: layering.py ROOT     prints file:line and the arrow that is violated; exit code 1 if any is
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CHECKED_FOLDERS = ("lang", "eval", "bindings", "examples", "bench")  # tests may include anything
SUFFIXES = {".h", ".cc", ".def"}

# eval/, from the bottom up. A file includes its own layer's shared files and all lower layers;
# sub-folders of one layer do not know each other.
EVAL_VALUE = re.compile(r"(value|number)(_\w+)?|slot_values|struct_member|arena|builder|counted_vector|digest|json_string|path_text|quote|result|symbol|utf8")
EVAL_PROGRAM = re.compile(
    r"builtins|cache_statistics|clock|decision(_details|_source)?|error|explanation|opcodes|name_store|options|place_table|program|schema(_parts)?"
)
EVAL_LOG = re.compile(r"log(_\w+)?")  # the public side of eval/log/
EVAL_FOLDERS = {"json": 0, "program": 1, "request": 2, "builtins": 2}
EVAL_FOLDERS |= {"index": 3, "meter": 3, "cache": 3, "vm": 4, "explain": 5}
EVAL_TOP = 6
EVAL_ARROWS = (
    "value, json <- program <- builtins, request <- index, meter, cache <- vm <- explain <- engine"
)

# lang/: each pass knows those before it.
LANG_BASE = {"source", "diagnostic", "diagnostics", "render"}
LANG_PASSES = ["syntax", "resolve", "check", "lower", "plan", "export", "emit"]
LANG_TOP = len(LANG_PASSES) + 1

LANG_MAY_USE_OF_EVAL = re.compile(
    r"value|number|arena|builder|value_json|result|digest|program|opcodes|schema|builtins"
)

# Libraries that one place alone knows: prefix of the included name, allowed files, the rule.
LIBRARIES = [
    (r"(tao/pegtl|pegtl)", r"lang/syntax/", "PEGTL only in lang/syntax"),
    (r"pybind11/", r"bindings/python/src/", "pybind11 only in bindings/python/src"),
    (
        r"openssl/",
        r"(bench/log/|tests/support/allocations\.|eval/(digest\.|log/|builtins/[a-z0-9_]*(crypto|digest|hmac|jwt|jws|x509)[a-z0-9_]*\.))",
        "OpenSSL only in eval/log, eval/digest, the crypto builtins, the benchmark of the log and failing memory",
    ),
]

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')


@dataclass(frozen=True)
class Place:
    """A file of the tree, split the way the rules speak of it."""

    path: str  # eval/vm/loop.cc

    @property
    def area(self) -> str:
        return self.path.split("/")[0]

    @property
    def folder(self) -> str:
        """Folder below the area; empty for a file directly in it."""
        parts = self.path.split("/")
        return parts[1] if len(parts) > 2 else ""

    @property
    def stem(self) -> str:
        return self.path.rsplit("/", 1)[-1].split(".")[0]

    @property
    def is_facade(self) -> bool:
        return self.path.startswith("bindings/cpp/licet/")


def lang_layer(place: Place) -> int:
    if place.folder:
        return LANG_PASSES.index(place.folder) + 1 if place.folder in LANG_PASSES else LANG_TOP
    return 0 if place.stem in LANG_BASE else LANG_TOP


def eval_layer(place: Place) -> int:
    if place.folder:
        return EVAL_FOLDERS.get(place.folder, EVAL_TOP)
    if EVAL_VALUE.fullmatch(place.stem):
        return 0
    return 1 if EVAL_PROGRAM.fullmatch(place.stem) else EVAL_TOP


def violation_inside_lang(source: Place, target: Place) -> str:
    if lang_layer(target) > lang_layer(source):
        return "inside lang: syntax <- resolve <- check <- lower <- plan <- export, emit <- compile"
    return ""


def is_of_log(place: Place) -> bool:
    return place.folder == "log" or (not place.folder and bool(EVAL_LOG.fullmatch(place.stem)))


def violation_inside_eval(source: Place, target: Place) -> str:
    if is_of_log(source) or is_of_log(target):
        return violation_around_log(source, target)
    lower, upper = eval_layer(target), eval_layer(source)
    siblings = lower == upper and source.folder and target.folder and source.folder != target.folder
    if lower > upper or siblings:
        return f"inside eval: {EVAL_ARROWS}"
    return ""


def violation_around_log(source: Place, target: Place) -> str:
    if is_of_log(source) and is_of_log(target):
        return ""
    is_known = not target.folder and (eval_layer(target) == 0 or target.stem == "decision")
    if is_of_log(source) and not is_known:
        return "eval/log -> decision.h, value.h and the files of its layer only"
    if is_of_log(target) and eval_layer(source) < EVAL_TOP:
        return "inside eval: log is known to engine only"
    return ""


def violation_of_areas(source: Place, target: Place) -> str:
    """Arrows between the top folders, for files of different ones."""
    if target.area in ("lang", "eval") and target.folder:
        return f"{target.area}/{target.folder}/ is internal to {target.area}/"
    if source.area == "eval":
        return f"eval -> eval only, never {target.area}"
    if source.area == "lang":
        if target.area == "eval" and LANG_MAY_USE_OF_EVAL.fullmatch(target.stem):
            return ""
        return "lang -> eval: the value layer, digest.h, program.h, schema.h and builtins.h only"
    if source.area == "examples":
        return "" if target.is_facade else "examples -> bindings/cpp"
    if target.area in ("lang", "eval") or target.is_facade:
        return ""
    return f"{source.area} -> lang, eval, bindings/cpp"


def violation_inside_bindings(source: Place, target: Place) -> str:
    if source.folder == target.folder or (target.is_facade and source.folder != "cpp"):
        return ""
    return "bindings: each way in knows bindings/cpp/licet and itself"


def violation_of_privacy(source: Place, target: Place) -> str:
    """What is public includes nothing internal: it would be installed without what it needs."""
    is_public = source.path.endswith(".h") and source.area in ("lang", "eval") and not source.folder
    if is_public and target.folder:
        return f"a public header needs {target.area}/{target.folder}/, which is internal"
    return ""


def violation_between(source: Place, target: Place) -> str:
    if source.area != target.area:
        return violation_of_areas(source, target)
    if source.area == "bindings":
        return violation_inside_bindings(source, target)
    if source.area not in ("lang", "eval"):
        return ""
    inside = violation_inside_lang if source.area == "lang" else violation_inside_eval
    return inside(source, target) or violation_of_privacy(source, target)


def violation_of_library(source: Place, name: str) -> str:
    for library, allowed, rule in LIBRARIES:
        if re.match(library, name) and not re.match(allowed, source.path):
            return rule
    return ""


def resolve(root: Path, source: Place, name: str) -> Place | None:
    """The file of the tree that an include names, as the compiler's include paths find it."""
    beside = str(Path(source.path).parent / name)
    for candidate in (name, f"bindings/cpp/{name}", beside):
        if (root / candidate).is_file():
            return Place(candidate)
    return None


def violations_of_file(root: Path, source: Place) -> Iterator[str]:
    lines = (root / source.path).read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        match = INCLUDE.match(line)
        if not match:
            continue
        quoted, bracketed = match.groups()
        name = quoted or bracketed
        target = resolve(root, source, name) if quoted or name.startswith("licet/") else None
        if target:
            rule = violation_between(source, target)
        elif quoted:
            rule = "quotes are for files of this tree, and this one does not exist"
        else:
            rule = violation_of_library(source, name)
        if rule:
            yield f"{source.path}:{number}: includes {name}, against the arrow `{rule}`"


def violations(root: Path) -> list[str]:
    found: list[str] = []
    for folder in CHECKED_FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix in SUFFIXES:
                found += violations_of_file(root, Place(path.relative_to(root).as_posix()))
    return found


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not (Path(arguments[0]) / "eval").is_dir():
        print("usage: layering.py ROOT", file=sys.stderr)
        return 2
    found = violations(Path(arguments[0]))
    for line in found:
        print(line)
    if found:
        print("help: the layers are the tables at the head of tests/layering/layering.py")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
