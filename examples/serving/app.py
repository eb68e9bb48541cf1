"""A small credit model behind a policy: FastAPI, a scikit-learn model, and Licet before it.

The token says who asks, the policy in policy/ whether the model may answer.
"""

from pathlib import Path
from typing import Annotated, Any

import numpy as np
from fastapi import Depends, FastAPI, Request
from pydantic import BaseModel
from sklearn.linear_model import LogisticRegression

import licet
from licet.fastapi import Claims, Permit, Tokens

MODEL = {"name": "credit", "stage": "production", "region": "eu"}


class Application(BaseModel):
    """What the model is asked about."""

    amount: float
    income: float
    years_employed: float


def train() -> LogisticRegression:
    """A model of made-up applications: who earns more than they ask for pays back."""
    random = np.random.default_rng(7)
    amount, income = random.uniform(1, 60, 500), random.uniform(10, 100, 500)
    years = random.uniform(0, 20, 500)
    pays_back = income + years + random.normal(0, 5, 500) > amount * 1.2
    return LogisticRegression(max_iter=1000).fit(np.c_[amount, income, years], pays_back)


def user_of(claims: Claims) -> dict[str, Any]:
    """The policy's `user` of a token's claims."""
    return {"id": claims["sub"], "roles": claims.get("roles", []), "region": claims["region"]}


async def request_of(request: Request) -> dict[str, Any]:
    """The policy's `request` of what is posted."""
    application = Application.model_validate_json(await request.body())
    return {"action": "predict", "amount": application.amount, "rows": 1}


def make_app(key: Any, algorithm: str, log: licet.Log) -> FastAPI:
    """The application; `key` verifies tokens, and decisions are in the log before their answers."""
    engine = licet.load(Path(__file__).parent / "policy", log=log)
    classifier = train()
    tokens = Tokens(key=key, algorithms=[algorithm], audience="credit", user=user_of)
    permit = Permit(engine, tokens, model=MODEL, request=request_of)
    app = FastAPI(title="credit")
    app.state.predictions = 0

    # Not a coroutine: what the model said is on disk before the answer goes out.
    @app.post("/predict")
    def predict(
        application: Application, decision: Annotated[licet.Decision, Depends(permit)]
    ) -> dict[str, Any]:
        app.state.predictions += 1
        row = [[application.amount / 1000, application.income / 1000, application.years_employed]]
        score = float(classifier.predict_proba(row)[0, 1])
        log.record_outcome(decision, "pays back" if score >= 0.5 else "does not", group="credit")
        return {"score": round(score, 3), "decision": decision.id}

    return app
