"""What docstrings and the README show is what happens."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest
import suspicion as sus

MODULES = [
    "suspicion",
    *(
        found.name
        for found in pkgutil.walk_packages(sus.__path__, "suspicion.")
        if not found.name.endswith(("._core", ".__main__"))
    ),
]
EXAMPLES = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
README = Path(__file__).parents[2] / "README.md"


@pytest.mark.parametrize("name", MODULES)
def test_examples_show_what_happens(name) -> None:
    assert doctest.testmod(importlib.import_module(name), optionflags=EXAMPLES).failed == 0


def test_every_public_callable_has_an_example() -> None:
    public = [getattr(sus, name) for name in sus.__all__ if callable(getattr(sus, name))]
    built_by_others = {
        sus.Calibration, sus.Census, sus.Comparison, sus.Configuration, sus.Curve, sus.Fit, sus.Heartbeat,
        sus.Point, sus.Ranking, sus.Recommendation, sus.Stages,
    }  # fmt: skip
    bare = {sus.Distribution, sus.Detector, sus.Preset}
    for item in public:
        if item not in built_by_others | bare:
            assert ">>>" in (item.__doc__ or "") + (
                vars(item).get("from_arrays", item).__doc__ or ""
            )


def test_the_code_of_the_readme_runs(capsys) -> None:
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})
    said = capsys.readouterr().out
    assert "mistakes   14" in said
    assert "notices 99 % of crashes within" in said
    assert "579 stops" in said
    assert "not identifiable: the data end at 200 ms, which 20 % exceed" in said


def test_the_files_that_pages_point_to_exist() -> None:
    top = README.parent
    for page in [*top.glob("*.md"), *top.glob("docs/*.md"), *top.glob("benches/*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert target.startswith("https://") or (page.parent / target).exists(), (page, target)
