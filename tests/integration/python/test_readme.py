"""The Python of the README files runs as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import licet
import pytest

ROOT = Path(__file__).parents[3]
POLICY = """package registry

permit deploy if {
	request.action == "deploy"
	"ml_engineer" in user.roles
	model.stage == "staging"
}

permit act if user.id == "ana"
"""


def blocks(path: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", (ROOT / path).read_text(), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("path", ["README.md", "bindings/python/README.md"])
def test_the_blocks_run(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "registry.licet").write_text(POLICY)
    (tmp_path / "grants.json").write_text('{"grants": []}')
    (tmp_path / "log.key").write_bytes(licet.Log.new_key("readme"))
    found = blocks(path)
    assert found
    names: dict[str, Any] = {
        "licet": licet,
        "user": {"id": "ana", "roles": ["ml_engineer"]},
        "model": {"stage": "staging"},
        "request": {"action": "deploy"},
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    }
    for block in found:
        exec(compile(block, path, "exec"), names)
        assert names["decision"].revision == names["engine"].revision
    if "log" in names:
        names["log"].close()
        assert names["entry"]["kind"] == "outcome"
