"""The call log: answers are kept once, shared between processes, and survive what kills a process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.errors import CorruptRunError
from consilience.runs.calls import CallLog, call_key


@pytest.fixture
def log(tmp_path: Path) -> Iterator[CallLog]:
    calls = CallLog(tmp_path / "calls.sqlite")
    yield calls
    calls.close()


def test_answers_come_back_in_the_order_asked(log: CallLog) -> None:
    log.put_many("stance", {f"k{n}": str(n).encode() for n in range(1500)})
    asked = ["k9", "unknown", "k1", "k9"]
    assert list(log.get_many("stance", asked).items()) == [("k9", b"9"), ("k1", b"1")]
    assert len(log.get_many("stance", [f"k{n}" for n in range(1500)])) == 1500


def test_kinds_are_apart_and_the_first_answer_stays(log: CallLog) -> None:
    log.put_many("model", {"k": b"first"})
    log.put_many("model", {"k": b"second", "new": b"\x00\xff"})
    log.put_many("http", {"k": b"page"})
    assert log.get_many("model", ["k", "new"]) == {"k": b"first", "new": b"\x00\xff"}
    assert log.get_many("http", ["k", "new"]) == {"k": b"page"}
    assert log.get_many("model", []) == {}


def test_a_killed_process_leaves_its_answers(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path; from consilience.runs.calls import CallLog;"
        "CallLog(Path(sys.argv[1])).put_many('model', {'k': b'answer'}); os.kill(os.getpid(), signal.SIGKILL)"
    )
    path = tmp_path / "calls.sqlite"
    done = subprocess.run([sys.executable, "-c", program, str(path)], check=False)
    assert done.returncode == -9
    log = CallLog(path)
    assert log.get_many("model", ["k"]) == {"k": b"answer"}
    log.close()


def test_threads_share_a_log(log: CallLog) -> None:
    def work(number: int) -> None:
        for n in range(20):
            log.put_many("t", {f"{number}-{n}": b"x"})
            log.get_many("t", [f"{number}-{n}"])

    threads = [Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(log.get_many("t", [f"{a}-{b}" for a in range(4) for b in range(20)])) == 80


def test_a_damaged_log_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "calls.sqlite"
    path.write_bytes(b"x" * 5000)
    with pytest.raises(CorruptRunError) as caught:
        CallLog(path).get_many("model", ["k"])
    assert "asked for again" in caught.value.advice


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=3), min_size=1, max_size=4))
def test_keys_tell_parts_apart(parts: list[str]) -> None:
    assert call_key(*parts) == call_key(*(part.encode() for part in parts))
    assert call_key(*parts) != call_key("".join(parts)) or len(parts) == 1


def test_processes_make_and_fill_one_log_together(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from consilience.runs.calls import CallLog; sys.stdin.read()\n"
        "log = CallLog(Path(sys.argv[1]))\n"
        "for n in range(10): log.put_many('k', {f'{sys.argv[2]}-{n}': b'x', 'shared': b'y'})"
    )
    path = tmp_path / "calls.sqlite"
    started = [
        subprocess.Popen([sys.executable, "-c", program, str(path), str(n)], stdin=subprocess.PIPE) for n in range(3)
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.close()
    for process in started:
        process.wait(timeout=60)
    assert [process.returncode for process in started] == [0, 0, 0]
    log = CallLog(path)
    assert len(log.get_many("k", ["shared", *(f"{a}-{b}" for a in range(3) for b in range(10))])) == 31
    log.close()
