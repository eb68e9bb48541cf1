"""Starts the server on a free port of the loopback, asks it a few things and shows the answers.

Afterwards it looks into the decision log as an auditor would.
"""

from __future__ import annotations

import datetime
import secrets
import sys
import tempfile
import threading
from typing import Any

import httpx
import jwt
import uvicorn
from app import make_app
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import licet

LOG_KEY = licet.Log.new_key("serving")
KEY = Ed25519PrivateKey.generate()
APPLICATION = {"amount": 20000, "income": 65000, "years_employed": 4}

# what, claims, the amount, the wanted status
CASES: list[tuple[str, dict[str, Any] | None, float, int]] = [
    ("an analyst", {"sub": "ana", "roles": ["analyst"], "region": "eu"}, 20000, 200),
    ("a large amount", {"sub": "ana", "roles": ["analyst"], "region": "eu"}, 60000, 403),
    ("a senior", {"sub": "eva", "roles": ["analyst", "senior"], "region": "eu"}, 60000, 200),
    ("another region", {"sub": "joe", "roles": ["analyst"], "region": "us"}, 20000, 403),
    ("no role", {"sub": "tom", "region": "eu"}, 20000, 403),
    ("a region that is none", {"sub": "tom", "region": "mars"}, 20000, 403),
    ("no token", None, 20000, 401),
]


def token(claims: dict[str, Any]) -> str:
    expiry = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=1)
    return jwt.encode({**claims, "aud": "credit", "exp": expiry}, KEY, algorithm="EdDSA")


class Server(uvicorn.Server):
    """Tells when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = threading.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.listens.set()


def ask(client: httpx.Client) -> bool:
    is_right = True
    for what, claims, amount, wanted in CASES:
        headers = {"traceparent": f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"}
        if claims is not None:
            headers["authorization"] = f"Bearer {token(claims)}"
        answer = client.post("/predict", json={**APPLICATION, "amount": amount}, headers=headers)
        body = answer.json()
        detail = body.get("detail", body)
        shown = detail.get("reason", detail.get("score")) if isinstance(detail, dict) else detail
        print(f"{answer.status_code}  {what}: {shown}")
        is_right &= answer.status_code == wanted
    return is_right


def serve_and_ask(log: licet.Log) -> bool:
    app = make_app(KEY.public_key(), "EdDSA", log)
    server = Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        if not server.listens.wait(60):
            print("error: the server does not start", file=sys.stderr)
            return False
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            is_right = ask(client)
    finally:
        server.should_exit = True
        thread.join()
    print(f"the model was asked {app.state.predictions} times")
    return is_right and app.state.predictions == 2


def audit(folder: str, checkpoint: str, verifier: str) -> bool:
    """`checkpoint` and `verifier` were kept outside."""
    report = licet.verify_log(folder, keys=LOG_KEY, anchors=[checkpoint], verifier=verifier)
    print(f"the log: {report.verdict}, {report.entries} entries")
    is_whole = True
    for entry in licet.read_log(folder, keys=LOG_KEY):
        if entry["kind"] == "decision":
            trace = entry["trace"]["trace_id"]
            print(f"  {entry['effect']:6}  {entry['cause']}, trace {trace}")
            is_whole &= "'ana'" not in str(entry["read"])  # the policy says @token
    return report.verdict == "VERIFIED" and is_whole


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        with licet.Log(f"{folder}/log", keys=LOG_KEY, origin="example.org/serving") as log:
            is_right = serve_and_ask(log)
            checkpoint, verifier = log.checkpoint(), log.verifier
        return 0 if is_right and audit(f"{folder}/log", checkpoint, verifier) else 1


if __name__ == "__main__":
    sys.exit(main())
