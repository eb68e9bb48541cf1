"""Threads, forks, small stacks and subprocesses: answers or exceptions, never an abort."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import licet
import pytest
from conftest import engine_of

USER = {"id": "ana", "roles": ["dev"]}


def in_small_thread(work: object) -> list[object]:
    """Runs ``work`` with 128 KiB of stack; its result, or the exception."""
    results: list[object] = []

    def run() -> None:
        try:
            results.append(work())  # type: ignore[operator]
        except BaseException as error:
            results.append(error)

    old = threading.stack_size(128 * 1024)
    try:
        thread = threading.Thread(target=run)
        thread.start()
    finally:
        threading.stack_size(old)
    thread.join()
    return results


def test_many_threads_ask_while_policies_change() -> None:
    engine = engine_of("permit a if user.n > 0")
    stop = threading.Event()

    def ask(seed: int) -> int:
        count = 0
        while not stop.is_set():
            number = seed if count % 2 else -seed
            assert bool(engine.decide(user={"n": number})) == (number > 0)
            count += 1
        return count

    with ThreadPoolExecutor(8) as pool:
        futures = [pool.submit(ask, seed) for seed in range(1, 9)]
        for turn in range(20):
            engine.reload(sources={"p.licet": f"package p\npermit a{turn} if user.n > 0"})
        stop.set()
        assert sum(future.result() for future in futures) > 0


def test_long_decisions_let_other_threads_run() -> None:
    engine = engine_of(
        "permit slow if count([1 | some i in numbers.range(1, 3000); "
        "some j in numbers.range(1, 300); i == j * 2]) > 0"
    )
    began, seen = threading.Event(), threading.Event()

    def ask() -> None:
        began.set()
        engine.decide()
        seen.set()

    thread = threading.Thread(target=ask)
    thread.start()
    began.wait()
    turns = 0
    while not seen.is_set():
        turns += 1
    thread.join()
    assert turns > 0


def test_a_fork_has_ids_of_its_own_and_works() -> None:
    engine = engine_of('permit a if "dev" in user.roles')
    before = engine.decide(user=USER)
    stop = threading.Event()
    noise = [
        threading.Thread(target=lambda: [engine.decide(user=USER) for _ in iter(stop.is_set, True)])
        for _ in range(4)
    ]
    for thread in noise:
        thread.start()
    try:
        for _ in range(20):
            reader, writer = os.pipe()
            child = os.fork()
            if child == 0:  # pragma: no cover
                code = 1
                try:
                    decision = engine.decide(user=USER)
                    engine.reload(sources={"p.licet": "package p\nforbid b if true"})
                    code = 0 if decision and not engine.decide(user=USER) else 2
                    os.write(writer, decision.id.encode())
                finally:
                    os._exit(code)
            os.close(writer)
            with os.fdopen(reader) as pipe:
                id_of_child = pipe.read()
            _, status = os.waitpid(child, 0)
            assert status == 0
            assert id_of_child[:32] != before.id[:32]
    finally:
        stop.set()
        for thread in noise:
            thread.join()
    assert engine.decide(user=USER)


def decide_there(engine: licet.Engine, role: str) -> bool:
    return bool(engine.decide(user={"id": "x", "roles": [role]}))


def test_pools_of_processes_get_engines() -> None:
    engine = engine_of('permit a if "dev" in user.roles')
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        answers = pool.starmap(decide_there, [(engine, "dev"), (engine, "intern")])
    assert answers == [True, False]


def test_small_stacks_are_enough() -> None:
    deep: object = 1
    for _ in range(500):
        deep = {"in": [deep]} if _ % 2 else [deep]
    chain = "\n".join(f"r{i} if r{i + 1}" for i in range(900)) + "\nr900 if user.id == 1\n"
    rules = f"{chain}permit a if r0\npermit b if count(user.deep) == 99"

    def work() -> list[object]:
        engine = engine_of(rules)
        answers: list[object] = [bool(engine.decide(user={"id": 1}))]
        for value in (deep, [deep] * 3):
            try:
                answers.append(bool(engine.decide(user={"deep": value, "id": 2})))
            except licet.RequestError as error:
                answers.append(error.path[:9])
        answers.append(engine.query("data.p.r0", {"user": {"id": 1}}))
        answers.append(str(engine.decide(user={"id": 1}).explain())[:6])
        answers.append(len(pickle.dumps(engine)) > 0)
        return answers

    (answers,) = in_small_thread(work)
    assert isinstance(answers, list), answers
    assert answers[0] is True
    assert answers[1] in (False, "user.deep")
    assert answers[3:] == [True, "permit", True]


def test_deep_policies_compile_or_fail_on_small_stacks() -> None:
    for text in ("(" * 20_000, "[" * 20_000 + "]" * 20_000, "not " * 20_000 + "true"):
        (answer,) = in_small_thread(lambda text=text: engine_of(f"x := {text}"))
        assert isinstance(answer, (licet.PolicyError, licet.Engine))


def test_deep_answers_are_errors_on_small_stacks() -> None:
    nested = "1"
    for _ in range(120):
        nested = f"[{nested}]"
    engine = licet.load(sources={"p.rego": f"package p\nx := {nested}"})
    (answer,) = in_small_thread(lambda: engine.query("data.p.x"))
    assert isinstance(answer, (list, RecursionError))


@pytest.mark.parametrize(
    "code",
    [
        "import licet; e = licet.load(sources={'p.licet': 'package p\\npermit a if true'}); "
        "keep = [e, e.decide(), e.prepare()]; keep.append(keep)",
        "import licet; e = licet.load(sources={'p.licet': 'package p\\npermit a if true'}); "
        "e.self = e; d = e.decide(user={'e': e}); del e; import gc; gc.collect(); assert d",
        "import licet, sys, threading; "
        "e = licet.load(sources={'p.licet': 'package p\\npermit a if true'}); "
        "ask = lambda: [e.query('data') for _ in range(10**9)]; "
        "threading.Thread(target=ask, daemon=True).start()",
    ],
    ids=["cycle at exit", "cycle", "daemon thread at exit"],
)
def test_the_interpreter_ends_well(code: str) -> None:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
