"""What only whole processes can show: two that add at once, a kill, a full disk, and light imports."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from consilience.literature.library import Library

ADD = """
import sys
from pathlib import Path
from consilience.literature.library import Library

home, name, *paths = sys.argv[1:]
for path in paths:
    Library.add_to(Path(home), name, [Path(path)])
"""

FULL = """
import resource, sys
from pathlib import Path
from consilience.errors import StorageError
from consilience.literature.library import Library

home, path, out = (Path(argument) for argument in sys.argv[1:])
library = Library.open(home, "mine")
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
for name, action in {
    "add": lambda: library.add([path]),
    "export": lambda: Library.open(home, "large").export(out, "bibtex"),
    "create": lambda: Library.add_to(home, "new", [path]),
}.items():
    try:
        action()
        print(name, "done")
    except StorageError as error:
        print(name, "refused", bool(error.advice))
"""


def file(path: Path, prefix: str, count: int, abstract: str = "") -> Path:
    lines = (
        json.dumps({"title": f"{prefix} number {n} of many", "pmid": f"{n + 1}", "abstract": abstract})
        for n in range(count)
    )
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_processes_that_add_to_one_library_lose_nothing(home: Path, tmp_path: Path) -> None:
    shares: list[list[Path]] = []
    for process in range(2):
        paths: list[Path] = []
        for part in range(5):
            base = 1 + 1000 * process + 100 * part
            lines = [json.dumps({"title": f"Work {base + n} of many", "pmid": str(base + n)}) for n in range(20)]
            lines.append(json.dumps({"title": "A work that both bring along", "pmid": "999999"}))
            path = tmp_path / f"{process}-{part}.jsonl"
            path.write_text("\n".join(lines), encoding="utf-8")
            paths.append(path)
        shares.append(paths)
    running = [start(ADD, home, "mine", *paths) for paths in shares]
    for process in running:
        _, errors = process.communicate()
        assert (process.returncode, errors) == (0, "")
    papers = Library.open(home, "mine").papers()
    assert len(papers) == 2 * 5 * 20 + 1
    shared = next(paper for paper in papers if paper.pmid == "999999")
    assert len(shared.sources) == 10


def test_a_process_that_is_killed_leaves_whole_files_and_no_lock(home: Path, tmp_path: Path) -> None:
    paths = [file(tmp_path / f"{n}.jsonl", f"file {n}", 1) for n in range(1)]
    many = [file(tmp_path / "big.jsonl", "big", 3000, abstract="x" * 500)]
    Library.add_to(home, "mine", paths)
    process = start(ADD, home, "mine", *many * 50)
    try:
        database = home / "libraries" / "mine" / "library.sqlite-wal"
        while not database.exists():  # the first transaction has begun
            assert process.poll() is None
    finally:
        process.kill()
        process.communicate()
    assert len(Library.open(home, "mine").papers()) in (1, 3000)
    assert Library(home, "mine", lock_seconds=1).add(paths)[0].records == 1


@pytest.mark.skipif(sys.platform == "win32", reason="resource limits are POSIX")
def test_a_full_disk_is_told_and_loses_nothing(home: Path, tmp_path: Path) -> None:
    Library.add_to(home, "mine", [file(tmp_path / "a.jsonl", "small", 3)])
    Library.add_to(home, "large", [file(tmp_path / "b.jsonl", "large", 500, abstract="x" * 2000)])
    before = Library.open(home, "mine").papers()
    out = tmp_path / "out.bib"
    out.write_text("stays", encoding="utf-8")
    process = start(FULL, home, tmp_path / "b.jsonl", out)
    output, errors = process.communicate()
    assert errors == ""
    assert output.splitlines() == ["add refused True", "export refused True", "create refused True"]
    assert Library.open(home, "mine").papers() == before
    assert out.read_text(encoding="utf-8") == "stays"
    assert {path.name for path in tmp_path.iterdir()} == {"a.jsonl", "b.jsonl", "out.bib"}


def test_the_light_parts_load_nothing_heavy() -> None:
    program = (
        "import sys, consilience.literature.library, consilience.literature.sample\n"
        "heavy = {'chromadb', 'numpy', 'onnxruntime', 'tokenizers', 'bm25s', 'bibtexparser', 'rispy', 'langgraph'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    process = start(program)
    output, errors = process.communicate()
    assert (output, errors) == ("[]\n", "")
