"""What the tests of the Python package share."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import licet
import pytest
import uvicorn

REGISTRY = """
package registry

permit read if request.action == "read"

permit deploy if {
	request.action == "deploy"
	"ml_engineer" in user.roles
	model.approvals >= 2
} obliges {"notify": model.owner}

forbid interns if {
	"intern" in user.roles
} because $"{user.id} is an intern" controls {"NIST:GOVERN-2.1", "ISO:A.5.15"}
"""

SCHEMA = """
package typed

schema user { id: string, roles: list[string], level?: int, address?: {city: string, zip?: string} }
schema request { action: "read" | "write", time?: time, score?: number }

permit read if { request.action == "read"; "dev" in user.roles }
permit write if { request.action == "write"; user.level > 3 }
"""


@pytest.fixture
def registry() -> licet.Engine:
    return licet.load(sources={"registry.licet": REGISTRY})


@pytest.fixture
def typed() -> licet.Engine:
    return licet.load(sources={"typed.licet": SCHEMA})


def engine_of(rules: str, **options: object) -> licet.Engine:
    return licet.load(sources={"p.licet": f"package p\n{rules}"}, **options)  # type: ignore[arg-type]


@contextmanager
def served(app: Any) -> Iterator[httpx.Client]:
    """A client of the application, which a real server serves on the loopback."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    started = threading.Event()
    startup = server.startup

    async def startup_and_tell(*args: Any, **kwargs: Any) -> None:
        await startup(*args, **kwargs)
        started.set()

    server.startup = startup_and_tell  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert started.wait(60)
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http:
            yield http
    finally:
        server.should_exit = True
        thread.join()
