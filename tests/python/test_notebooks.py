"""The notebooks run, and say in text what their committed outputs say."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


def said(notebook: nbformat.NotebookNode) -> list[str]:
    """Return what each cell printed or showed as text; pictures differ with the fonts of a machine.

    What a cell prints comes in as many pieces as a busy machine makes of it.
    """
    return [
        "".join(
            output.get("text") or output.data["text/plain"]
            for output in cell.get("outputs", [])
            if "image/png" not in output.get("data", {})
        )
        for cell in notebook.cells
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
