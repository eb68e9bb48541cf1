#!/usr/bin/env python3
"""Shows that layering.py finds each kind of violation, in small trees made for it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

LAYERING = Path(__file__).with_name("layering.py")

FILES = [
    "eval/value.h",
    "eval/value_yaml.h",
    "eval/program.h",
    "eval/builtins.h",
    "eval/decision.h",
    "eval/engine.h",
    "eval/builtins/builtin.h",
    "eval/index/rule_index.h",
    "eval/vm/loop.h",
    "eval/log/writer.h",
    "lang/source.h",
    "lang/compile.h",
    "lang/syntax/ast.h",
    "lang/resolve/core.h",
    "lang/emit/emit.h",
    "bindings/cpp/licet/licet.h",
    "bindings/cli/output.h",
    "bindings/python/src/convert.h",
    "bench/workload.h",
]

# (file, its include, part of the message)
VIOLATIONS = [
    ("eval/engine.cc", '"lang/source.h"', "eval -> eval only, never lang"),
    ("eval/vm/loop.cc", '"licet/licet.h"', "eval -> eval only, never bindings"),
    ("eval/value.cc", '"eval/program.h"', "value, json <- program"),
    ("eval/program/image.cc", '"eval/builtins/builtin.h"', "program <- builtins"),
    ("eval/builtins/strings.cc", '"eval/index/rule_index.h"', "builtins, request <- index, meter, cache"),
    ("eval/builtins/strings.cc", '"eval/vm/loop.h"', "cache <- vm"),
    ("eval/vm/loop.cc", '"eval/engine.h"', "<- engine"),
    ("eval/log/writer.cc", '"eval/program.h"', "eval/log -> decision.h"),
    ("eval/vm/frame.cc", '"eval/log/writer.h"', "log is known to engine only"),
    ("eval/query.h", '"eval/vm/loop.h"', "a public header needs eval/vm/"),
    ("lang/compile.cc", '"eval/engine.h"', "lang -> eval"),
    ("lang/emit/emit.cc", '"eval/value_yaml.h"', "lang -> eval"),
    ("lang/emit/emit.cc", '"eval/builtins/builtin.h"', "eval/builtins/ is internal to eval/"),
    ("lang/syntax/parse.cc", '"lang/resolve/core.h"', "syntax <- resolve"),
    ("lang/plan/plan.cc", '"lang/emit/emit.h"', "plan <- export, emit"),
    ("lang/emit/emit.cc", '"lang/compile.h"', "emit <- compile"),
    ("lang/source.cc", '"lang/syntax/ast.h"', "syntax <- resolve"),
    ("lang/compile.h", '"lang/syntax/ast.h"', "a public header needs lang/syntax/"),
    ("bindings/cli/main.cc", '"lang/syntax/ast.h"', "lang/syntax/ is internal to lang/"),
    ("bindings/cli/main.cc", '"bindings/python/src/convert.h"', "each way in knows"),
    ("bindings/cpp/licet/load.cc", '"bindings/cli/output.h"', "each way in knows"),
    ("bindings/cli/main.cc", '"bench/workload.h"', "bindings -> lang, eval, bindings/cpp"),
    ("bench/decide.cc", '"eval/vm/loop.h"', "eval/vm/ is internal to eval/"),
    ("examples/embed_cpp/main.cc", '"eval/value.h"', "examples -> bindings/cpp"),
    ("lang/resolve/names.cc", "<tao/pegtl.hpp>", "PEGTL only in lang/syntax"),
    ("bindings/cli/main.cc", "<pybind11/pybind11.h>", "pybind11 only in bindings/python/src"),
    ("eval/builtins/strings.cc", "<openssl/evp.h>", "OpenSSL only in eval/log"),
    ("eval/vm/loop.cc", '"eval/vm/forgotten.h"', "does not exist"),
]

ALLOWED = [
    ("eval/engine.cc", '"eval/vm/loop.h"'),
    ("eval/engine.cc", '"eval/log/writer.h"'),
    ("eval/vm/loop.cc", '"eval/builtins/builtin.h"'),
    ("eval/log/writer.cc", '"eval/decision.h"'),
    ("eval/log/tree.cc", "<openssl/evp.h>"),
    ("eval/builtins/crypto.cc", "<openssl/evp.h>"),
    ("lang/syntax/parse.cc", "<tao/pegtl.hpp>"),
    ("lang/emit/emit.cc", '"eval/program.h"'),
    ("lang/emit/emit.cc", '"lang/resolve/core.h"'),
    ("lang/compile.cc", '"lang/emit/emit.h"'),
    ("bindings/cpp/licet/load.cc", '"eval/engine.h"'),
    ("bindings/cli/main.cc", '"licet/licet.h"'),
    ("bindings/python/src/module.cc", "<pybind11/pybind11.h>"),
    ("examples/embed_cpp/main.cc", "<licet/licet.h>"),
    ("tests/unit/eval/vm/loop_test.cc", '"eval/vm/loop.h"'),
    ("tests/unit/eval/vm/loop_test.cc", '"lang/syntax/ast.h"'),
]


def check_tree(file: str, include: str) -> subprocess.CompletedProcess[str]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path in FILES:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text("#pragma once\n")
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(f"// One line before it.\n#include {include}\n")
        return subprocess.run(
            [sys.executable, str(LAYERING), folder], capture_output=True, text=True, check=False
        )


class LayeringTest(unittest.TestCase):
    def test_each_violation_is_named_with_its_place_and_arrow(self) -> None:
        for file, include, arrow in VIOLATIONS:
            with self.subTest(file=file, include=include):
                result = check_tree(file, include)
                self.assertEqual(result.returncode, 1, result.stdout)
                self.assertIn(f"{file}:2: includes {include[1:-1]}, against", result.stdout)
                self.assertIn(arrow, result.stdout)

    def test_what_follows_the_arrows_is_silent(self) -> None:
        for file, include in ALLOWED:
            with self.subTest(file=file, include=include):
                result = check_tree(file, include)
                self.assertEqual((result.returncode, result.stdout), (0, ""))


if __name__ == "__main__":
    unittest.main()
