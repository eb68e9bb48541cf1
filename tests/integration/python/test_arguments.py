"""Options of a call that are of the wrong type or size."""

from __future__ import annotations

import datetime
from typing import Any

import licet
import pytest


@pytest.mark.parametrize(
    "options",
    [{"package": 3}, {"package": "\ud800"}, {"seed": "x"}, {"seed": -1}, {"seed": 2**64},
     {"trace": 3}, {"now": 2**70}, {"now": datetime.datetime(2024, 1, 1)}],
)  # fmt: skip
def test_options_of_the_wrong_type_or_size_are_told(
    registry: licet.Engine, options: dict[str, Any]
) -> None:
    with pytest.raises((TypeError, ValueError, OverflowError)):
        registry.decide(user={}, **options)
