"""What the tests of the Python package share."""

from __future__ import annotations

import licet
import pytest

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
