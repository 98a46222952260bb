"""The generated parts of the documentation: what the code already says is not written twice.

A block stands between ``<!-- NAME:begin ... -->`` and ``<!-- NAME:end -->``. ``make docs`` rewrites the
blocks; ``--check`` writes nothing and exits with 1 where one has drifted (a test does the same).
"""

from __future__ import annotations

import argparse
import configparser
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from consilience.settings import Concern, Settings

if TYPE_CHECKING:
    from typer.core import TyperCommand, TyperGroup

ROOT = Path(__file__).resolve().parent.parent


def table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A Markdown table; bars in cells are escaped."""
    cells = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells)


# --------------------------------------------------------------------------- settings


def settings_table() -> str:
    """Every setting: its environment variable, default and meaning, from settings.py."""
    return table(("variable", "default", "meaning"), list(_settings_rows()))


def _settings_rows() -> Iterator[tuple[str, str, str]]:
    prefix = Settings.model_config.get("env_prefix", "")
    delimiter = Settings.model_config.get("env_nested_delimiter") or "__"
    yield (
        f"`{prefix}HOME`",
        "the system's place for a program's data",
        "folder of libraries, runs and checkpoints",
    )
    for concern, outer in Settings.model_fields.items():
        if not isinstance(outer.default, Concern):
            continue
        for name, field in type(outer.default).model_fields.items():
            variable = f"{prefix}{concern}{delimiter}{name}".upper()
            yield f"`{variable}`", f"`{_shown(field.default)}`", field.description or ""


def _shown(value: Any) -> str:  # noqa: ANN401 - a setting's default can be of any type
    if value is None:
        return "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


# --------------------------------------------------------------------------- the command line


def command_table() -> str:
    """Every command with its arguments and options, from the command line's own definitions."""
    return table(("command", "what it does"), list(_command_rows()))


def commands() -> dict[str, TyperCommand]:
    """The commands by their full name, such as ``ask`` and ``library add``."""
    from typer.main import get_command

    from consilience.cli import app

    found: dict[str, TyperCommand] = {}
    _collect(get_command(app), "", found)
    return found


def _collect(command: Any, name: str, found: dict[str, TyperCommand]) -> None:  # noqa: ANN401 - typer keeps its type private
    if hasattr(command, "commands"):
        group: TyperGroup = command
        for child_name, child in group.commands.items():
            if not child.hidden:
                _collect(child, f"{name} {child_name}".strip(), found)
    else:
        found[name] = command


def _command_rows() -> Iterator[tuple[str, str]]:
    for name, command in commands().items():
        parts = ["consilience", name, *(_usage(parameter) for parameter in _ordered(command))]
        yield f"`{' '.join(parts)}`", _first_sentence(command.help or "")


def _ordered(command: TyperCommand) -> list[Any]:
    visible = [p for p in command.params if not getattr(p, "hidden", False) and p.name != "help"]
    return sorted(visible, key=lambda parameter: parameter.param_type_name != "argument")


def _usage(parameter: Any) -> str:  # noqa: ANN401 - typer keeps its type private
    if parameter.param_type_name == "argument":
        name = (parameter.metavar or parameter.name).upper().strip("[].")
        name += "..." if parameter.nargs == -1 else ""
        return name if parameter.required else f"[{name}]"
    flag = max(parameter.opts, key=len)
    value = "" if parameter.is_flag else f" {(parameter.metavar or parameter.name).upper()}"
    return f"{flag}{value}" if parameter.required else f"[{flag}{value}]"


def _first_sentence(text: str) -> str:
    paragraph = " ".join(text.strip().split("\n\n")[0].split())
    return re.split(r"(?<=[.!?])\s", paragraph, maxsplit=1)[0].rstrip(".")


# --------------------------------------------------------------------------- the architecture


def layer_list() -> str:
    """Who may import whom, from the import contract that the checks enforce."""
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter", encoding="utf-8")
    layers = config["importlinter:contract:layers"]["layers"].split("\n")
    named = [
        ", ".join(re.sub(r"[()]", "", part).strip() for part in layer.split(":")) for layer in layers if layer.strip()
    ]
    return "```text\n" + "\n  ↓\n".join(named) + "\n```"


def graph_drawing() -> str:
    """The compiled graph's own drawing."""
    from consilience.graph import graph

    return f"```mermaid\n{graph.get_graph().draw_mermaid().strip()}\n```"


# --------------------------------------------------------------------------- the documents

BLOCKS: dict[str, dict[str, Callable[[], str]]] = {
    "README.md": {"commands": command_table, "settings": settings_table},
    "docs/architecture.md": {"layers": layer_list, "graph": graph_drawing},
}


def fill(text: str, name: str, body: str) -> str:
    """``text`` with the block ``name`` holding ``body``.

    Raises:
        ValueError: the block's two markers do not stand there exactly once.
    """
    pattern = re.compile(rf"(<!-- {name}:begin[^>]*-->\n).*?(<!-- {name}:end -->)", re.DOTALL)
    filled, count = pattern.subn(lambda found: f"{found[1]}\n{body}\n\n{found[2]}", text)
    if count != 1:
        raise ValueError(f"the block {name!r} stands {count} times, not once")
    return filled


def expected(document: str) -> str:
    """The document's text as it should stand."""
    text = (ROOT / document).read_text(encoding="utf-8")
    for name, body in BLOCKS[document].items():
        text = fill(text, name, body())
    return text


def main() -> int:
    """Rewrite the documents, or with ``--check`` only tell which have drifted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 on drift")
    check: bool = parser.parse_args().check
    drifted = 0
    for document in BLOCKS:
        path, text = ROOT / document, expected(document)
        if path.read_text(encoding="utf-8") == text:
            continue
        drifted += 1
        if not check:
            path.write_text(text, encoding="utf-8")
        print(f"{document}: {'has drifted (run make docs)' if check else 'rewritten'}")
    return 1 if check and drifted else 0


if __name__ == "__main__":
    sys.exit(main())
