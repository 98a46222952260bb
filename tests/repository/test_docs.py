"""The documents say what the code does: generated blocks, commands, targets, links."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from types import ModuleType

import pytest

PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/architecture.md",
    "docs/models.md",
    "docs/reading-checklist.md",
    "docs/retrieval.md",
    "docs/verification.md",
)
FENCE = re.compile(r"^```(?:sh|console)\n(.*?)^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s#]+)[^)]*\)")


def shell_lines(root: Path, program: str) -> list[list[str]]:
    """The words after ``program`` in each line of the pages' shell blocks that begins with it."""
    found: list[list[str]] = []
    for page in PAGES:
        for block in FENCE.findall((root / page).read_text(encoding="utf-8")):
            for line in block.splitlines():
                words = shlex.split(line.removeprefix("$ "), comments=True)
                if words and words[0] == program:
                    found.append(words[1:])
    return found


@pytest.mark.parametrize("document", ["README.md", "docs/architecture.md", "docs/verification.md"])
def test_generated_blocks_do_not_drift(root: Path, generate: ModuleType, document: str) -> None:
    text = (root / document).read_text(encoding="utf-8")
    assert generate.expected(document) == text, "run `make docs`"


def test_a_missing_block_is_an_error(generate: ModuleType) -> None:
    with pytest.raises(ValueError, match="stands 0 times"):
        generate.fill("no markers here", "settings", "body")


def test_a_block_is_replaced_whole(generate: ModuleType) -> None:
    text = "a\n<!-- x:begin (made by y) -->\nold\n<!-- x:end -->\nb\n"
    filled = generate.fill(text, "x", "new \\1")
    assert filled == "a\n<!-- x:begin (made by y) -->\n\nnew \\1\n\n<!-- x:end -->\nb\n"
    assert generate.fill(filled, "x", "new \\1") == filled


def test_every_command_in_the_pages_exists(root: Path, generate: ModuleType) -> None:
    commands = generate.commands()
    lines = shell_lines(root, "consilience")
    assert len(lines) >= 10
    for words in lines:
        if words[0].startswith("--"):
            continue
        name = " ".join(words[:2]) if " ".join(words[:2]) in commands else words[0]
        assert name in commands, words
        known = {option for parameter in commands[name].params for option in parameter.opts} | {"--help"}
        used = {word.split("=")[0] for word in words if word.startswith("--")}
        assert used <= known, words


def test_every_command_is_in_the_readme(root: Path, generate: ModuleType) -> None:
    text = (root / "README.md").read_text(encoding="utf-8")
    assert not [name for name in generate.commands() if f"`consilience {name}" not in text]


def test_every_make_target_in_the_pages_exists(root: Path) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    used = {words[0] for words in shell_lines(root, "make") if words}
    assert {"ask", "test", "check"} <= used
    assert used <= targets
    assert set(re.findall(r"^\.PHONY: ([\w-]+)$", makefile, re.MULTILINE)) == targets


def test_ci_runs_the_readmes_test_command(root: Path) -> None:
    script = (root / ".ci" / "run").read_text(encoding="utf-8")
    assert "set -euo pipefail" in script
    assert re.search(r"^make test$", script, re.MULTILINE)
    assert ["test"] in shell_lines(root, "make")
    assert (root / ".ci" / "run").stat().st_mode & 0o111


def test_every_package_is_in_the_architecture(root: Path, packages: dict[str, Path]) -> None:
    text = (root / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = {name.split(".")[1] for name in packages if "." in name}
    owned = set(re.findall(r"^- \*\*`([a-z_]+)/`\*\* owns ", text, re.MULTILINE))
    assert owned >= rooms
    assert all((root / name).is_dir() for name in owned)


@pytest.mark.parametrize("page", PAGES)
def test_links_between_files_lead_somewhere(root: Path, page: str) -> None:
    text = (root / page).read_text(encoding="utf-8")
    near = [target for target in LINK.findall(text) if not re.match(r"[a-z]+:", target)]
    assert not [target for target in near if not ((root / page).parent / target).exists()]


def test_langgraphs_entry_is_the_graph(root: Path) -> None:
    entry = json.loads((root / "langgraph.json").read_text(encoding="utf-8"))["graphs"]["consilience"]
    assert entry == "./graph.py:graph"
    assert (root / "graph.py").is_file()
