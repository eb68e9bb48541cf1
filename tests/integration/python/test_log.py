"""Decisions that are logged before they are handed out, from Python."""

from __future__ import annotations

import asyncio
import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import licet
import pyarrow as pa
import pytest
from conftest import engine_of

KEY = licet.Log.new_key("tests")
RULES = """
schema user { id: string @token, roles: list[string], email?: string @redact }
schema request { action: "read" | "write" }
permit read if { request.action == "read"; "dev" in user.roles }
permit known if { request.action == "write"; user.email == "ana@example.org" }
"""
ANA = {"id": "ana", "roles": ["dev"], "email": "ana@example.org"}
TRACE_ID, SPAN_ID = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
TRACEPARENT = f"00-{TRACE_ID}-{SPAN_ID}-01"


def entries_of(folder: Path, kind: str = "decision") -> list[dict[str, Any]]:
    return [entry for entry in licet.read_log(folder, keys=KEY) if entry["kind"] == kind]


@pytest.fixture(params=["durable", "async"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> licet.Log:
    return licet.Log(tmp_path / "log", keys=KEY, mode=request.param)


def test_a_decision_leaves_an_entry_and_so_does_its_outcome(log: licet.Log) -> None:
    engine = engine_of(RULES, log=log)
    assert engine.log is log
    permit = engine.decide(user=ANA, request={"action": "read"}, trace=TRACEPARENT)
    deny = engine.prepare(user=ANA | {"roles": []}).decide(request={"action": "read"})
    as_json = engine.decide(b'{"user":{"id":"b","roles":[]},"request":{"action":"write"}}')
    log.record_outcome(permit, {"score": 0.5}, group="eu")
    log.record_outcome(deny.id, "asked again")
    log.flush()
    found = entries_of(Path(log.folder))
    assert [entry["id"] for entry in found] == [permit.id, deny.id, as_json.id]
    assert [entry["cause"] for entry in found] == ["permitted", "no_permit", "no_permit"]
    assert found[0]["trace"] == {"trace_id": TRACE_ID, "span_id": SPAN_ID}
    assert "trace" not in found[1]
    assert found[0]["revision"] == engine.revision
    assert found[0]["read"]["request.action"] == "read"
    outcomes = entries_of(Path(log.folder), "outcome")
    assert [(entry["id"], entry["outcome"]) for entry in outcomes] == [
        (permit.id, {"score": 0.5}),
        (deny.id, "asked again"),
    ]
    assert log.statistics.appended == 5
    assert log.statistics.refused == 0


def test_personal_values_do_not_stand_in_the_log(log: licet.Log) -> None:
    engine = engine_of(RULES, log=log)
    assert engine.decide(user=ANA, request={"action": "write"})
    log.close()
    assert "example.org" not in str(list(licet.read_log(log.folder, keys=KEY)))


def test_bad_requests_stand_in_the_log_too(log: licet.Log) -> None:
    engine = engine_of(RULES, log=log)
    for user in ({"id": 3, "roles": []}, {"id": "x", "roles": [float("nan")]}, {}):
        with pytest.raises(licet.RequestError) as raised:
            engine.decide(user=user, request={"action": "read"})
        assert raised.value.decision is not None
        log.flush()
        assert entries_of(Path(log.folder))[-1]["id"] == raised.value.decision.id
    assert {entry["cause"] for entry in entries_of(Path(log.folder))} == {"invalid_request"}


def test_explanations_are_logged_once(log: licet.Log) -> None:
    engine = engine_of(RULES, log=log)
    at_once = engine.decide(user=ANA, request={"action": "read"}, explain=True)
    later = engine.decide(user=ANA, request={"action": "read"})
    assert str(at_once.explain()).splitlines()[1:] == str(later.explain()).splitlines()[1:]
    log.close()
    assert [entry["id"] for entry in entries_of(Path(log.folder))] == [at_once.id, later.id]


def test_rows_of_tables_are_logged(log: licet.Log) -> None:
    engine = engine_of("permit low if dataset.level <= user.level", log=log)
    table = pa.table({"dataset.level": pa.array(range(300))})
    decided = engine.decide_table(table, user={"level": 99})
    log.close()
    found = entries_of(Path(log.folder))
    assert len(found) == 300
    assert sum(entry["effect"] == "permit" for entry in found) == 100
    assert decided["effect"].to_pylist().count("permit") == 100
    after = engine.decide_table(table, user={"level": 99})
    assert set(after["cause"].to_pylist()) == {"error"}
    assert "could not be logged" in after["message"][0].as_py()


def test_threads_share_a_log_and_an_auditor_verifies_it(log: licet.Log) -> None:
    engine = engine_of(RULES, log=log)

    def ask(_turn: int) -> str:
        return engine.decide(user=ANA, request={"action": "read"}).id

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(ask, range(200)))
    checkpoint = log.checkpoint()
    verifier = log.verifier
    log.close()
    assert {entry["id"] for entry in entries_of(Path(log.folder))} == ids
    report = licet.verify_log(log.folder, keys=KEY, anchors=[checkpoint], verifier=verifier)
    assert (report.verdict, report.findings) == ("VERIFIED", ())
    assert report.anchored_entries == report.entries
    assert licet.verify_log(log.folder, keys=KEY).verdict == "UNANCHORED"


def test_a_changed_log_does_not_verify(tmp_path: Path) -> None:
    with licet.Log(tmp_path / "log", keys=KEY) as log:
        engine = engine_of(RULES, log=log)
        for _ in range(3):
            engine.decide(user=ANA, request={"action": "read"})
    segment = max((tmp_path / "log").rglob("*.segment*"), key=lambda path: path.stat().st_size)
    content = bytearray(segment.read_bytes())
    content[len(content) // 2] ^= 1
    segment.write_bytes(content)
    report = licet.verify_log(log.folder, keys=KEY)
    assert report.verdict == "BROKEN"
    assert report.findings[0].file == segment.name


def test_a_decision_that_cannot_be_logged_is_an_error_and_a_deny(log: licet.Log) -> None:
    engine = engine_of(RULES, log=log)
    log.close()
    log.close()
    assert log.closed
    asks = (
        lambda: engine.decide(user=ANA, request={"action": "read"}),
        lambda: engine.decide(user=ANA, request={"action": "read"}, explain=True),
        lambda: engine.prepare(user=ANA).decide(request={"action": "read"}),
    )
    for ask in asks:
        with pytest.raises(licet.LogError, match="log is closed") as raised:
            ask()
        decision = raised.value.decision
        assert decision is not None
        assert (bool(decision), decision.cause, decision.rules) == (False, "error", ())
        assert raised.value.code == "log_closed"
        assert isinstance(pickle.loads(pickle.dumps(raised.value)), licet.LogError)
    for ask in (log.flush, log.rotate_segment, log.rotate_keys):
        with pytest.raises(licet.LogError):
            ask()
    with pytest.raises(licet.LogError):
        log.record_outcome("0" * 48, "x")


def test_what_cannot_be_a_log_is_refused(tmp_path: Path) -> None:
    with licet.Log(tmp_path / "a", keys=KEY), pytest.raises(licet.LogError, match="log_in_use"):
        licet.Log(tmp_path / "a", keys=KEY)
    (tmp_path / "file").write_text("x")
    with pytest.raises(licet.LogError, match=r"not a directory|file exists"):
        licet.Log(tmp_path / "file", keys=KEY)
    for keys in (b"", b"nonsense", "file:/no/such/file", "env:LICET_NO_SUCH_VARIABLE", "what"):
        with pytest.raises(licet.LogError):
            licet.Log(tmp_path / "b", keys=keys)
    with pytest.raises(licet.LogError):
        list(licet.read_log(tmp_path / "a", keys=licet.Log.new_key("another")))
    with pytest.raises(licet.LogError):
        licet.verify_log(tmp_path / "nowhere", keys=KEY)
    with pytest.raises(ValueError, match="mode"):
        licet.Log(tmp_path / "b", keys=KEY, mode="later")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="keys"):
        licet.Log(tmp_path / "b", keys=None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="also"):
        licet.Log(tmp_path / "b", keys=KEY, also="user.id")
    with pytest.raises(licet.LogError, match="attribute"):
        licet.Log(tmp_path / "b", keys=KEY, also=["not a path!"])


@pytest.mark.parametrize(
    "trace",
    ["", "x", TRACEPARENT.upper(), f"ff{TRACEPARENT[2:]}", TRACEPARENT[:-1], f"{TRACEPARENT}-x",
     f"00-{'0' * 32}-{SPAN_ID}-01", f"00-{TRACE_ID}-{'0' * 16}-01"],
)  # fmt: skip
def test_what_is_no_traceparent_is_refused(trace: str) -> None:
    with pytest.raises(ValueError, match="traceparent"):
        engine_of(RULES).decide(user=ANA, request={"action": "read"}, trace=trace)


def test_engines_and_logs_of_one_process_stay_in_it(log: licet.Log) -> None:
    engine = engine_of(RULES, log=log)
    for what in (log, engine):
        with pytest.raises(TypeError, match="one process"):
            pickle.dumps(what)


def test_the_child_of_a_fork_is_told_and_the_parent_goes_on(log: licet.Log) -> None:
    engine = engine_of(RULES, log=log)
    assert engine.decide(user=ANA, request={"action": "read"})
    for _ in range(5):
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:  # pragma: no cover
            answer = "no error"
            try:
                engine.decide(user=ANA, request={"action": "read"})
            except licet.LogError as error:
                answer = error.code
            try:
                with licet.Log(Path(log.folder).parent / str(os.getpid()), keys=KEY) as own:
                    mine = engine_of(RULES, log=own)
                    answer += f" {bool(mine.decide(user=ANA, request={'action': 'read'}))}"
                os.write(writer, answer.encode())
            finally:
                os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as pipe:
            assert pipe.read() == "log_closed True"
        os.waitpid(child, 0)
        assert engine.decide(user=ANA, request={"action": "read"})
    log.close()
    assert len(entries_of(Path(log.folder))) == 6


def test_what_is_queued_is_written_when_the_interpreter_ends(tmp_path: Path) -> None:
    code = f"""
import licet
engine = licet.load(
    sources={{"p.licet": "package p\\npermit a if true"}},
    log=licet.Log({str(tmp_path / "log")!r}, keys={KEY!r}, mode="async"),
)
for _ in range(100):
    engine.decide()
keep = [engine]
keep.append(keep)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(entries_of(tmp_path / "log")) == 100


def test_guards_of_coroutines_log(log: licet.Log) -> None:
    engine = engine_of(RULES, log=log)

    @licet.guard(engine, request={"action": "read"})
    async def work(user: dict[str, object]) -> str:
        return "done"

    assert asyncio.run(work(ANA)) == "done"
    with pytest.raises(licet.Denied):
        asyncio.run(work(ANA | {"roles": []}))
    log.close()
    assert [entry["effect"] for entry in entries_of(Path(log.folder))] == ["permit", "deny"]


def test_subjects_are_erased(tmp_path: Path) -> None:
    log = licet.Log(tmp_path / "log", keys=KEY, encrypt=["user.roles"])
    engine = engine_of(RULES, log=log)
    engine.decide(user=ANA, request={"action": "read"})
    assert log.erase_subject("ana") == 1
    assert log.erase_subject("ana") == 0
    log.close()
    assert licet.verify_log(log.folder, keys=KEY).verdict == "UNANCHORED"
