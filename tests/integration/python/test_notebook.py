"""The cell magic, and the example notebook without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbclient import NotebookClient

EXAMPLE = Path(__file__).parents[3] / "examples" / "notebook" / "policies.ipynb"
POLICY = "package p\n\npermit a if user.level > 3\n\nforbid b if user.level > 8\n"


@pytest.fixture
def shell() -> Any:
    shell = InteractiveShell()
    shell.run_line_magic("load_ext", "licet")
    return shell


def test_a_cell_becomes_an_engine(shell: Any) -> None:
    report = shell.run_cell_magic("licet", "rules", POLICY)
    assert "fine" in repr(report)
    assert shell.user_ns["rules"].decide(user={"level": 4})


def test_problems_are_shown_with_carets(shell: Any) -> None:
    report = shell.run_cell_magic("licet", "", "package p\n\npermit a if usr.x == 1\n")
    assert "^" in repr(report)
    assert "policy.licet:3:13" in report._repr_html_()
    assert "policy" not in shell.user_ns


def test_a_frame_is_decided_and_its_denials_shown(shell: Any) -> None:
    shell.user_ns["frame"] = pd.DataFrame({"user.level": [1, 5, 9, 9]})
    report = shell.run_cell_magic("licet", "rules --table frame", POLICY)
    assert report.denials == {"p.b": 2, "no_permit": 1}
    assert repr(report).startswith("1 of 4 rows permitted")
    assert "<svg" in report._repr_html_()
    assert list(shell.user_ns["rules_decisions"]["effect"]) == ["deny", "permit", "deny", "deny"]
    with pytest.raises(NameError):
        shell.run_cell_magic("licet", "rules --table nothing", POLICY)


def test_the_example_notebook_runs() -> None:
    notebook = nbformat.read(EXAMPLE, as_version=4)
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert outputs
    assert not [output for output in outputs if output["output_type"] == "error"]
