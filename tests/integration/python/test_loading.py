"""Loading, reloading, watching and guarding."""

from __future__ import annotations

import asyncio
import os
import threading
from pathlib import Path

import licet
import pytest

OPEN = "package p\npermit a if true\n"
SHUT = "package p\nforbid a if true\n"


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_a_folder_a_file_an_image_and_texts_make_the_same_policies(tmp_path: Path) -> None:
    write(tmp_path / "p.licet", OPEN)
    folder = licet.load(tmp_path)
    assert folder.decide()
    assert licet.load(str(tmp_path / "p.licet")).revision == folder.revision
    assert licet.load([tmp_path / "p.licet"]).decide()
    image = folder.image()
    assert licet.load(image=image).revision == folder.revision
    (tmp_path / "p.image").write_bytes(image)
    assert licet.load(tmp_path / "p.image").decide()


def test_data_comes_from_mappings_and_files(tmp_path: Path) -> None:
    policy = "package p\npermit a if user.id in data.known"
    known = write(tmp_path / "known.yaml", "known: [ana]")
    for data in ({"known": ["ana"]}, known, [str(known)]):
        engine = licet.load(sources={"p.licet": policy}, data=data)
        assert engine.decide(user={"id": "ana"})
        assert not engine.decide(user={"id": "ben"})
    with pytest.raises(licet.PolicyError, match="JSON"):
        licet.load(sources={"p.licet": policy}, data={"x": float("nan")})


def test_policies_that_do_not_compile_tell_all_problems() -> None:
    with pytest.raises(licet.PolicyError) as raised:
        licet.load(sources={"bad.licet": "package p\n\npermit a if x\n\npermit b if y\n"})
    error = raised.value
    places = [(problem.severity, problem.file, problem.line) for problem in error.problems]
    assert places == [("error", "bad.licet", 3), ("error", "bad.licet", 5)]
    assert all(problem.code.startswith("L") for problem in error.problems)
    assert "^" in error.text
    assert error.text.strip() in str(error)


def test_files_that_are_not_there_are_policy_errors(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path, "\udcff"):
        with pytest.raises(licet.PolicyError):
            licet.load(path)
    with pytest.raises(licet.PolicyError, match="no such file"):
        licet.load(sources={}, data=tmp_path / "none.json")
    with pytest.raises(licet.PolicyError, match="cannot be loaded"):
        licet.load(image=licet.load(sources={"p.licet": OPEN}).image()[:-3])


def test_warnings_are_kept() -> None:
    engine = licet.load(
        sources={"w.licet": "package p\nschema user { level?: int }\npermit a if user.level > 3\n"}
    )
    assert [problem.severity for problem in engine.warnings] == ["warning"]


def test_reload_takes_new_policies_or_leaves_the_old_ones(tmp_path: Path) -> None:
    file = write(tmp_path / "p.licet", OPEN)
    engine = licet.load(tmp_path)
    old = engine.revision
    write(file, "package p\npermit a if")
    with pytest.raises(licet.PolicyError):
        engine.reload()
    assert engine.decide()
    assert engine.revision == old
    write(file, SHUT)

    def refuse(candidate: licet.Engine) -> None:
        assert candidate.decide(), "must permit"

    with pytest.raises(AssertionError):
        engine.reload(check=refuse)
    assert engine.decide()
    assert not engine.reload().decide()
    assert engine.revision != old
    assert engine.reload(sources={"q.licet": OPEN}).decide()


def test_explanations_after_a_reload_are_of_the_new_policies(tmp_path: Path) -> None:
    engine = licet.load(sources={"p.licet": OPEN})
    assert "p.a" in str(engine.decide().explain())
    engine.reload(sources={"p.licet": "package q\npermit other if true"})
    assert "q.other" in str(engine.decide().explain())


def test_a_watcher_takes_good_changes_and_tells_of_bad_ones(tmp_path: Path) -> None:
    file = write(tmp_path / "p.licet", OPEN)
    engine = licet.load(tmp_path)
    errors: list[Exception] = []
    reloads: list[licet.Engine] = []
    watcher = licet.Watcher(engine, on_error=errors.append, on_reload=reloads.append)
    assert not watcher.poll()
    write(file, "package p\npermit broken if")
    assert not watcher.poll()
    assert engine.decide()
    assert [type(error) for error in errors] == [licet.PolicyError]
    assert not watcher.poll(), "the same bad files are not tried twice"
    assert len(errors) == 1
    write(file, SHUT)
    os.utime(file, ns=(1, 1))
    assert watcher.poll()
    assert reloads == [engine]
    assert not engine.decide()
    write(tmp_path / "new.licet", "package n\npermit more if true")
    assert watcher.poll()


def test_a_watcher_runs_in_a_thread(tmp_path: Path) -> None:
    file = write(tmp_path / "p.licet", OPEN)
    engine = licet.load(tmp_path)
    reloaded = threading.Event()
    with engine.watch(interval=0.01, on_reload=lambda _engine: reloaded.set()):
        write(file, SHUT)
        os.utime(file, ns=(1, 1))
        assert reloaded.wait(60)
    assert not engine.decide()
    with pytest.raises(licet.LicetError, match="files"):
        licet.load(sources={"p.licet": OPEN}).watch()


def test_guards_decide_before_functions_and_coroutines(registry: licet.Engine) -> None:
    calls: list[str] = []

    @licet.guard(registry, user="who", request=lambda arguments: {"action": arguments["action"]})
    def act(who: dict[str, object], action: str = "read") -> str:
        """Acts."""
        calls.append(action)
        return action

    ana: dict[str, object] = {"id": "ana", "roles": []}
    assert act(ana) == "read"
    assert act.__doc__ == "Acts."
    with pytest.raises(licet.Denied) as raised:
        act({"id": "ben", "roles": ["intern"]})
    assert raised.value.decision.cause == "forbidden"
    with pytest.raises(PermissionError):
        act(ana, action="delete")
    with pytest.raises(TypeError):
        act()  # type: ignore[call-arg]

    @licet.guard(registry, request={"action": "read"})
    async def act_later(user: dict[str, object]) -> str:
        calls.append("later")
        return "later"

    assert asyncio.run(act_later(ana)) == "later"
    with pytest.raises(licet.Denied):
        asyncio.run(act_later({"id": "ben", "roles": ["intern"]}))
    assert calls == ["read", "later"]
    with pytest.raises(TypeError, match="no parameter"):
        licet.guard(registry, user="nobody")(act)
