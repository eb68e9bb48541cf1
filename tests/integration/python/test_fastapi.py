"""Serving: tokens are verified, and what is denied never reaches the model. Over loopback."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import httpx
import jwt
import licet
import pytest
from conftest import engine_of, served
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import Depends, FastAPI
from fastapi import Request as HttpRequest
from licet.fastapi import DECISION_HEADER, Permit, PolicyMiddleware, TokenError, Tokens

PRIVATE = Ed25519PrivateKey.generate()
TOKENS = Tokens(
    key=PRIVATE.public_key(), algorithms=["EdDSA"], audience="models", issuer="https://id.test",
    user=lambda claims: {"id": claims["sub"], "roles": claims.get("roles", [])},
)  # fmt: skip
ENGINE = engine_of(
    """
permit predict if { request.action == "predict"; "scientist" in user.roles }
permit get if { request.action == "get"; request.path == "/open" }
forbid negative if { request.action == "predict"; request.amount < 0 }
  because "amounts are not negative"
"""
)
CALLS: list[float] = []


def token(key: Any = PRIVATE, algorithm: str = "EdDSA", **claims: Any) -> str:
    now = datetime.datetime.now(datetime.timezone.utc)
    payload = {
        "sub": "ana", "roles": ["scientist"], "aud": "models", "iss": "https://id.test",
        "exp": now + datetime.timedelta(minutes=5), **claims,
    }  # fmt: skip
    payload = {name: value for name, value in payload.items() if value is not None}
    return jwt.encode(payload, key, algorithm=algorithm)


async def roots_of(request: HttpRequest) -> dict[str, object]:
    return {"action": "predict", "amount": (await request.json())["amount"]}


app = FastAPI()
guarded = FastAPI()
guarded.add_middleware(PolicyMiddleware, engine=ENGINE, tokens=TOKENS, exempt=["/health"])  # type: ignore[arg-type]


@app.post("/predict")
async def predict(
    body: dict[str, float],
    decision: Annotated[licet.Decision, Depends(Permit(ENGINE, TOKENS, request=roots_of))],
) -> dict[str, object]:
    CALLS.append(body["amount"])
    return {"cause": decision.cause}


@guarded.get("/{page}")
async def read(page: str) -> str:
    CALLS.append(0)
    return page


app.mount("/guarded", guarded)


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with served(app) as http:
        yield http


@pytest.fixture(autouse=True)
def _no_calls() -> None:
    CALLS.clear()


def post(client: httpx.Client, bearer: str | None, amount: float = 1.0) -> httpx.Response:
    headers = {} if bearer is None else {"authorization": f"Bearer {bearer}"}
    return client.post("/predict", json={"amount": amount}, headers=headers)


def test_a_permitted_request_reaches_the_model_and_tells_its_decision(
    client: httpx.Client,
) -> None:
    answer = post(client, token())
    assert (answer.status_code, answer.json()) == (200, {"cause": "permitted"})
    assert len(answer.headers[DECISION_HEADER]) == 48
    assert CALLS == [1.0]


def test_a_denied_request_does_not_and_says_why(client: httpx.Client) -> None:
    answer = post(client, token(), amount=-1)
    assert answer.status_code == 403
    assert answer.json()["detail"]["reason"] == "amounts are not negative"
    assert answer.headers[DECISION_HEADER] == answer.json()["detail"]["decision"]
    assert post(client, token(roles=["intern"])).status_code == 403
    assert post(client, token(), amount="x").status_code in (403, 422)  # type: ignore[arg-type]
    assert CALLS == []


EXPIRED = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)


@pytest.mark.parametrize(
    "bearer",
    [
        None,
        "not.a.token",
        token(exp=EXPIRED),
        token(exp=None),
        token(aud="others"),
        token(aud=None),
        token(iss="https://evil.test"),
        token(key=Ed25519PrivateKey.generate()),
        token(key="s" * 32, algorithm="HS256"),
        jwt.encode({"sub": "ana", "aud": "models"}, None, algorithm="none"),
    ],
    ids=["none", "no token", "expired", "no expiry", "audience", "no audience", "issuer",
         "key", "algorithm", "unsigned"],
)  # fmt: skip
def test_tokens_that_are_not_verified_are_refused(client: httpx.Client, bearer: str | None) -> None:
    answer = post(client, bearer)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    headers = {} if bearer is None else {"authorization": f"Bearer {bearer}"}
    assert client.get("/guarded/open", headers=headers).status_code == 401
    assert CALLS == []


def test_the_middleware_asks_before_the_application(client: httpx.Client) -> None:
    headers = {"authorization": f"Bearer {token()}"}
    assert client.get("/guarded/health").status_code == 200
    CALLS.clear()
    answer = client.get("/guarded/secret", headers=headers)
    assert answer.status_code == 403
    assert answer.headers[DECISION_HEADER]
    assert CALLS == []


def test_algorithms_must_be_named() -> None:
    for algorithms, error in ((["none"], ValueError), ([], TypeError), ("HS256", TypeError)):
        with pytest.raises(error):
            Tokens(key="k", algorithms=algorithms, audience="a")
    with pytest.raises(TokenError):
        TOKENS.user_of("Basic abc")
    assert "PublicKey" not in repr(TOKENS)


TRACE_ID, SPAN_ID = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


def test_each_request_leaves_an_entry_with_its_trace_ids(tmp_path: Path) -> None:
    key = licet.Log.new_key("serving")
    log = licet.Log(tmp_path / "log", keys=key, origin="example.org/serving")
    logged = FastAPI()
    engine = engine_of(
        """
schema user { id: string @token, roles: list[string] }
permit predict if { request.action == "predict"; "scientist" in user.roles }
permit get if { request.action == "get"; request.path == "/open" }
""",
        log=log,
    )
    permit = Permit(engine, TOKENS, request={"action": "predict"})
    asked = FastAPI()
    asked.add_middleware(PolicyMiddleware, engine=engine, tokens=TOKENS)  # type: ignore[arg-type]

    @asked.get("/open")
    async def get_open() -> str:
        CALLS.append(0)
        return "open"

    @logged.post("/predict", dependencies=[Depends(permit)])
    async def predict_logged() -> str:
        CALLS.append(1)
        return "predicted"

    logged.mount("/asked", asked)
    good = {"authorization": f"Bearer {token()}", "traceparent": f"00-{TRACE_ID}-{SPAN_ID}-01"}
    intern = {"authorization": f"Bearer {token(roles=[])}", "traceparent": "00-nonsense-01"}
    with served(logged) as client:
        answers = [
            client.post("/predict", headers=good),
            client.post("/predict", headers=intern),
            client.get("/asked/open", headers=good),
            client.get("/asked/secret", headers=good),
            client.post("/predict"),  # nobody: not decided, so not logged
        ]
        assert [answer.status_code for answer in answers] == [200, 403, 200, 403, 401]
        checkpoint = log.checkpoint()
        log.close()
        CALLS.clear()
        for answer in (
            client.post("/predict", headers=good),
            client.get("/asked/open", headers=good),
        ):
            assert answer.status_code == 503
            assert answer.json()["detail"]["code"] == "log_closed"
        assert CALLS == []
    entries = [e for e in licet.read_log(log.folder, keys=key) if e["kind"] == "decision"]
    assert [entry["id"] for entry in entries] == [
        answer.headers[DECISION_HEADER] for answer in answers[:4]
    ]
    assert [entry["effect"] for entry in entries] == ["permit", "deny", "permit", "deny"]
    trace = {"trace_id": TRACE_ID, "span_id": SPAN_ID}
    assert [entry.get("trace") for entry in entries] == [trace, None, trace, trace]
    assert "ana" not in str([entry["read"]["user.id"] for entry in entries])
    report = licet.verify_log(log.folder, keys=key, anchors=[checkpoint], verifier=log.verifier)
    assert (report.verdict, report.findings) == ("VERIFIED", ())
    assert licet.verify_log(log.folder, keys=key, anchors=[checkpoint]).anchored_entries >= 5
