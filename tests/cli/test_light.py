"""Help and bad input answer before anything heavy is imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    "chromadb",
    "langgraph",
    "langchain_core",
    "onnxruntime",
    "numpy",
    "tokenizers",
    "bm25s",
    "pysbd",
    "sklearn",
)

_PROGRAM = """
import atexit, json, sys
heavy = json.loads(sys.argv.pop(1))
loaded = lambda: json.dumps([name for name in heavy if name in sys.modules])
atexit.register(lambda: sys.__stderr__.write("\\nLOADED " + loaded()))
from consilience.cli import main
main()
"""


def _call(home: Path, *arguments: str) -> tuple[int, str, str, list[str]]:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, json.dumps(HEAVY), *arguments],
        env=os.environ | {"CONSILIENCE_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    told, _, loaded = done.stderr.rpartition("\nLOADED ")
    return done.returncode, done.stdout, told, json.loads(loaded)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--help",), 0),
        (("--version",), 0),
        (("ask", "--help"), 0),
        (("eval", "list"), 0),
        (("runs",), 0),
        (("library", "list"), 0),
        (("ask", ""), 2),
        (("ask", "x" * 100_000), 2),
        (("ask", "Does X reduce Y?", "--library", "nothing-here"), 2),
        (("ask", "Does X reduce Y?", "--library", "../etc"), 2),
        (("ask", "Does X reduce Y?", "--run-id", "../etc"), 2),
        (("verify", "--help"), 0),
        (("verify",), 2),
        (("verify", ""), 2),
        (("verify", "Does X reduce Y?"), 2),
        (("verify", "x " * 10_000), 2),
        (("verify", "X reduces Y", "--file", "claims.txt"), 2),
        (("verify", "--file", "no-such-file.txt"), 2),
        (("verify", "X reduces Y", "--library", "nothing-here"), 2),
        (("chat", "--library", "nothing-here"), 2),
        (("show", "nothing"), 2),
        (("resume", "nothing"), 2),
        (("transcript", "../../etc/passwd"), 2),
        (("library", "show", "nothing-here"), 2),
        (("library", "add", "mine", "no-such-file.bib"), 2),
        (("eval", "nothing"), 2),
        (("eval", "gold", "--data", "no-such-folder"), 2),
        (("no-such-command",), 2),
    ],
)
def test_it_answers_at_once_and_without_a_traceback(tmp_path: Path, arguments: tuple[str, ...], code: int) -> None:
    returned, stdout, stderr, loaded = _call(tmp_path / "home", *arguments)
    assert (returned, loaded) == (code, []), stderr
    assert "Traceback" not in stderr
    assert bool(stderr) == (code != 0)
    if code:
        assert stdout == ""
        assert len(stderr) < 400


def test_the_module_is_the_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "consilience.cli", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("consilience ")
