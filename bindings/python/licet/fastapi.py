"""Serving models behind policies: a FastAPI dependency and an ASGI middleware.

The bearer token is verified with PyJWT (algorithm, signature, expiry, audience), its claims become
``user``, and a request that is denied never reaches the model. Every answer carries the id of its
decision in the header ``x-licet-decision``. If the engine has a decision log, the entry has the
trace ids of the request's ``traceparent`` header (W3C Trace Context), and a request whose decision
cannot be logged is answered 503.
"""

from __future__ import annotations

import functools
import inspect
import json
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import jwt
from fastapi import HTTPException, Request, Response
from starlette.concurrency import run_in_threadpool

from licet._engine import Engine
from licet._errors import LicetError, LogError, RequestError
from licet._licet import Decision

DECISION_HEADER = "x-licet-decision"
_TRACEPARENT = re.compile(
    r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
)

Claims = Mapping[str, Any]
Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class TokenError(LicetError):
    """A token that is missing, out of date, not for us, or not signed as it must be."""


@dataclass(frozen=True)
class Tokens:
    """How tokens are verified. Nothing of this is taken from the token itself.

    ``key`` is the public key (or secret), ``algorithms`` those that are accepted; ``audience`` is
    demanded and so is an expiry. ``user`` makes the root of the claims.
    """

    key: Any = field(repr=False)
    algorithms: Sequence[str]
    audience: str
    issuer: str | None = None
    leeway_seconds: float = 0
    user: Callable[[Claims], object] = dict

    def __post_init__(self) -> None:
        if isinstance(self.algorithms, str) or not self.algorithms:
            raise TypeError("algorithms is a list of names, as ['EdDSA']")
        if any(name.lower() == "none" for name in self.algorithms):
            raise ValueError("tokens without a signature cannot be accepted")

    def user_of(self, authorization: str | None) -> object:
        """The user of an ``Authorization`` header. Raises TokenError."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise TokenError("no bearer token")
        required = ["exp", "aud"] + (["iss"] if self.issuer is not None else [])
        try:
            claims = jwt.decode(
                token.strip(),
                self.key,
                algorithms=list(self.algorithms),
                audience=self.audience,
                issuer=self.issuer,
                leeway=self.leeway_seconds,
                options={"require": required},
            )
        except jwt.PyJWTError as error:
            raise TokenError(f"the token is not accepted: {error}") from error
        return self.user(claims)


async def _decide(engine: Engine, roots: dict[str, Any], traceparent: str | None) -> Decision:
    """Decides; where an entry is written to a disk meanwhile, not in the thread of the loop."""
    # What is no traceparent is as none at all: the header is the client's.
    if traceparent is not None and _TRACEPARENT.fullmatch(traceparent.strip()):
        roots.setdefault("trace", traceparent.strip())
    if engine.log is None:
        return engine.decide(**roots)
    return await run_in_threadpool(functools.partial(engine.decide, **roots))


def _unlogged(error: LogError) -> dict[str, object]:
    """What the client learns: nothing of what would have been decided."""
    return {"reason": "the decision could not be logged", "code": error.code}


def _headers(decision: Decision | None) -> dict[str, str]:
    return {} if decision is None else {DECISION_HEADER: decision.id}


def _refusal(decision: Decision) -> dict[str, object]:
    return {"cause": decision.cause, "reason": decision.reason, "decision": decision.id}


class Permit:
    """A dependency that lets a request through only if the engine permits it.

    ``roots`` are the roots besides ``user``: values, or functions of the request (also coroutine
    functions). The endpoint gets the decision.

    >>> import licet
    >>> from licet.fastapi import Permit, Tokens
    >>> engine = licet.load(sources={"p.licet": "package p\\npermit a if user.sub == 1"})
    >>> tokens = Tokens(key="k" * 32, algorithms=["HS256"], audience="models")
    >>> may_predict = Permit(engine, tokens, request={"action": "predict"})
    """

    def __init__(self, engine: Engine, tokens: Tokens, **roots: object) -> None:
        self._engine = engine
        self._tokens = tokens
        self._roots = roots

    async def __call__(self, request: Request, response: Response) -> Decision:
        """Called by FastAPI."""
        try:
            user = self._tokens.user_of(request.headers.get("authorization"))
        except TokenError as error:
            raise HTTPException(401, str(error), {"www-authenticate": "Bearer"}) from error
        roots: dict[str, Any] = {"user": user}
        for name, root in self._roots.items():
            roots[name] = await _value_of(root, request)
        try:
            decision = await _decide(self._engine, roots, request.headers.get("traceparent"))
        except RequestError as error:
            detail = {"reason": str(error), "path": error.path}
            raise HTTPException(403, detail, _headers(error.decision)) from error
        except LogError as error:
            raise HTTPException(503, _unlogged(error), _headers(error.decision)) from error
        if not decision:
            raise HTTPException(403, _refusal(decision), _headers(decision))
        response.headers[DECISION_HEADER] = decision.id
        return decision


async def _value_of(root: object, request: Request) -> object:
    if not callable(root):
        return root
    value = root(request)
    return await value if inspect.isawaitable(value) else value


class PolicyMiddleware:
    """Asks the engine about every HTTP request and websocket before the application sees it.

    ``request`` of the policy has ``action`` (the method in lower case), ``path`` and ``ip``, unless
    `roots` makes the roots of an ASGI scope. ``exempt`` are paths that everybody may get.
    """

    def __init__(
        self,
        app: App,
        *,
        engine: Engine,
        tokens: Tokens,
        roots: Callable[[Scope], Mapping[str, object]] | None = None,
        exempt: Sequence[str] = (),
    ) -> None:
        self._app = app
        self._engine = engine
        self._tokens = tokens
        self._roots = roots or _roots_of_scope
        self._exempt = frozenset(exempt)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Called by the server."""
        if scope["type"] not in ("http", "websocket") or _path(scope) in self._exempt:
            await self._app(scope, receive, send)
            return
        decision: Decision | None = None
        try:
            user = self._tokens.user_of(_header(scope, b"authorization"))
            roots: dict[str, Any] = dict(self._roots(scope))
            roots = {"user": user, **roots}
            decision = await _decide(self._engine, roots, _header(scope, b"traceparent"))
        except TokenError as error:
            await _refuse(scope, send, 401, {"reason": str(error)}, None)
            return
        except RequestError as error:
            body = {"reason": str(error), "path": error.path}
            await _refuse(scope, send, 403, body, error.decision)
            return
        except LogError as error:
            await _refuse(scope, send, 503, _unlogged(error), error.decision)
            return
        if not decision:
            await _refuse(scope, send, 403, _refusal(decision), decision)
            return
        scope.setdefault("state", {})["decision"] = decision
        await self._app(scope, receive, _with_header(send, decision))


def _header(scope: Scope, wanted: bytes) -> str | None:
    values = [value for name, value in scope["headers"] if name.lower() == wanted]
    return values[0].decode("latin-1") if len(values) == 1 else None


def _path(scope: Scope) -> str:
    """Of the application, without what it is mounted at."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", "")) or "/"


def _roots_of_scope(scope: Scope) -> Mapping[str, object]:
    request = {"action": scope.get("method", "websocket").lower(), "path": _path(scope)}
    if scope.get("client"):
        request["ip"] = scope["client"][0]
    return {"request": request}


def _with_header(send: Send, decision: Decision) -> Send:
    async def send_with_header(message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.accept"):
            header = (DECISION_HEADER.encode(), decision.id.encode())
            message = {**message, "headers": [*message.get("headers", ()), header]}
        await send(message)

    return send_with_header


async def _refuse(
    scope: Scope, send: Send, status: int, body: Mapping[str, object], decision: Decision | None
) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": "denied"})
        return
    headers = [(name.encode(), value.encode()) for name, value in _headers(decision).items()]
    headers.append((b"content-type", b"application/json"))
    if status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps({"detail": body}).encode()})
