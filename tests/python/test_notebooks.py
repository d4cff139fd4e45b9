"""The notebooks run, and say in text what their committed outputs say."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


def said(notebook: nbformat.NotebookNode) -> list[str]:
    """Return all that was printed or shown as text; pictures differ with the fonts of a machine."""
    return [said for cell in notebook.cells for said in _said(cell.get("outputs", []))]


def _said(outputs: list[nbformat.NotebookNode]) -> list[str]:
    """Return what one cell printed, in one piece though it came in several, and what it showed."""
    printed = "".join(output.text for output in outputs if output.output_type == "stream")
    shown = [output for output in outputs if output.output_type != "stream"]
    return [printed] + [
        output.data["text/plain"] for output in shown if "image/png" not in output.get("data", {})
    ]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_says_what_its_outputs_say(path) -> None:
    committed = nbformat.read(path, as_version=4)
    assert all(
        cell.outputs
        for cell in committed.cells
        if cell.cell_type == "code" and ".plot" in cell.source.replace("matplotlib.pyplot", "")
    )
    again = nbformat.read(path, as_version=4)
    NotebookClient(again, resources={"metadata": {"path": path.parent}}).execute()
    assert said(again) == said(committed)


def test_there_are_notebooks() -> None:
    assert len(NOTEBOOKS) >= 2
