"""A disk that is full: every writer says so, and what was there before still stands."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from consilience.errors import StorageError
from consilience.runs.files import write_atomic
from consilience.runs.store import RunStore

# A limit on file size makes every write beyond it fail in the kernel, as a full disk does.
_PROGRAM = """
import resource, sys
from pathlib import Path
from consilience.errors import StorageError
from consilience.records import Event, Paper
from consilience.runs.calls import CallLog
from consilience.runs.files import write_atomic
from consilience.runs.store import RunStore

run = RunStore(Path(sys.argv[1])).open("one")
big = "x" * 400_000
event = Event(key="big", step=2, node="n", agent="a", time="t", seconds=0, saw=big, decided="")
log = CallLog(Path(sys.argv[1]) / "calls.sqlite")
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
for name, write in {
    "file": lambda: write_atomic(run.file("report.md"), big),
    "artifact": lambda: run.artifacts.put(Paper(id="big", title=big)),
    "call": lambda: log.put_many("k", {"big": big.encode()}),
    "event": lambda: run.transcript.record(event),
}.items():
    try:
        write()
        print(name, "written")
    except StorageError as error:
        print(name, "refused", bool(error.advice))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="resource limits are POSIX")
def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    from consilience.records import Event, Paper

    run = RunStore(tmp_path).create("A question?", "sample", {}, run_id="one")
    run.write_report({"report.md": "before"})
    ref = run.artifacts.put(Paper(id="p", title="before"))
    small = Event(key="small", step=1, node="n", agent="a", time="t", seconds=0, saw="", decided="")
    run.transcript.record(small)
    run.close()
    done = subprocess.run([sys.executable, "-c", _PROGRAM, str(tmp_path)], check=False, capture_output=True, text=True)
    assert done.stderr == ""
    expected = [f"{name} refused True" for name in ("file", "artifact", "call", "event")]
    assert done.stdout.splitlines() == expected
    again = RunStore(tmp_path).open("one")
    assert again.file("report.md").read_text() == "before"
    assert again.artifacts.get(ref, Paper).title == "before"
    assert again.transcript.read() == [small]
    assert [p.name for p in again.folder.iterdir() if "report" in p.name] == ["report.md"]
    again.close()


def test_a_folder_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "inside").write_text("kept")
    with pytest.raises(StorageError):
        write_atomic(tmp_path / "x", "data")
    assert [p.name for p in tmp_path.iterdir()] == ["x"]
