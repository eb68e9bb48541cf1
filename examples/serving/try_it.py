"""Starts the server on a free port of the loopback, asks it a few things and shows the answers."""

from __future__ import annotations

import datetime
import sys
import threading
from typing import Any

import httpx
import jwt
import uvicorn
from app import make_app
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

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
        headers = {} if claims is None else {"authorization": f"Bearer {token(claims)}"}
        answer = client.post("/predict", json={**APPLICATION, "amount": amount}, headers=headers)
        body = answer.json()
        detail = body.get("detail", body)
        shown = detail.get("reason", detail.get("score")) if isinstance(detail, dict) else detail
        print(f"{answer.status_code}  {what}: {shown}")
        is_right &= answer.status_code == wanted
    return is_right


def main() -> int:
    app = make_app(KEY.public_key(), "EdDSA")
    server = Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        if not server.listens.wait(60):
            print("error: the server does not start", file=sys.stderr)
            return 1
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            is_right = ask(client)
    finally:
        server.should_exit = True
        thread.join()
    print(f"the model was asked {app.state.predictions} times")
    return 0 if is_right and app.state.predictions == 2 else 1


if __name__ == "__main__":
    sys.exit(main())
