"""Owns a run as one file that replays on another machine: writing it, and taking it in (format: ``bundle_format``)."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from pydantic import BaseModel

from consilience.errors import CorruptRunError, InputError
from consilience.records import Paper

from . import own_prompts
from .bundle_format import FORMAT, MANIFEST, PROMPTS, VERSION, Manifest, Member
from .bundle_reading import read_bundle
from .calls import CallLog
from .files import write_atomic
from .info import INFO_FILE, write_info
from .model_calls import CHAT, CHAT_FAULT, ModelCall, ModelCalls, fault_key
from .names import shown
from .run import Run
from .scrubbing import scrubbed
from .store import calls_path

Place = Callable[[Path, str, Sequence[Paper]], None]
"""Puts papers, as they are, into the library of that name under a home folder."""
# Words that authors wrote or models read: what looks like a user in an address there is part of the text.
_TEXTS = frozenset({"papers.jsonl", "calls.jsonl", PROMPTS})


def export_run(
    run: Run, library_papers: Sequence[Paper], log: CallLog, path: Path, secrets: Sequence[str] = ()
) -> Manifest:
    """Writes a run into one file, whole or not at all; ``secrets`` are covered wherever they stand.

    Equal runs give equal files, byte for byte: members carry no time.

    Raises:
        CorruptRunError: the run's files cannot be read, or the call log lost an answer that it rests on.
        StorageError: the disk is full or refuses to be written.
    """
    texts = {name: scrubbed(text, secrets, addresses=name not in _TEXTS) for name, text in _texts(run, log).items()}
    papers = sorted(library_papers, key=lambda paper: paper.id)
    texts["papers.jsonl"] = scrubbed(_lines(papers), secrets, addresses=False)
    contents = {name: text.encode("utf-8", "surrogatepass") for name, text in sorted(texts.items())}
    manifest = Manifest(
        format=FORMAT,
        version=VERSION,
        run=run.id,
        library=run.info.library,
        members={
            name: Member(bytes=len(data), sha256=hashlib.sha256(data).hexdigest()) for name, data in contents.items()
        },
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in {MANIFEST: manifest.model_dump_json(indent=2).encode(), **contents}.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    write_atomic(path, file.getvalue())
    return manifest


def _texts(run: Run, log: CallLog) -> dict[str, str]:
    calls = run.model_calls.read()
    texts = {
        INFO_FILE: run.info.model_dump_json(indent=2) + "\n",
        "transcript.jsonl": _lines(run.transcript.read()),
        "model-calls.jsonl": _lines(calls),
        "models.jsonl": _lines(run.model_calls.models()),
        "calls.jsonl": "".join(_exchanges(run.id, calls, log)),
    }
    own = own_prompts.texts_of(run.folder)
    if own:
        texts[PROMPTS] = own
    report = run.file("report.json")
    if report.exists():
        try:
            texts["report.json"] = report.read_text("utf-8")
        except (OSError, UnicodeError) as error:
            raise CorruptRunError(f"{report} cannot be read", f"consilience resume {run.id}") from error
    return texts


def _exchanges(run_id: str, calls: Sequence[ModelCall], log: CallLog) -> Iterable[str]:
    """The call log's rows of a run, a line each, in the order of their kinds and keys."""
    answered = sorted({call.id for call in calls if not call.fault})
    found = log.get_many(CHAT, answered)
    if lost := [key for key in answered if key not in found]:
        raise CorruptRunError(
            f"the call log has lost {len(lost)} answer(s) that run {run_id} rests on", "ask the question again"
        )
    faults = log.get_many(CHAT_FAULT, sorted({fault_key(run_id, call.id) for call in calls if call.fault}))
    for kind, rows in ((CHAT, found), (CHAT_FAULT, faults)):
        for key, value in rows.items():
            yield json.dumps({"kind": kind, "key": key, "value": json.loads(value)}, ensure_ascii=False) + "\n"


def _lines(values: Iterable[BaseModel]) -> str:
    return "".join(value.model_dump_json() + "\n" for value in values)


def import_run(path: Path, home: Path, place: Place) -> str:
    """Takes an exported run into a home folder, best a fresh one, with its library and its calls; the run's id.

    Everything is read and checked before anything is written, and the run's own folder comes last.

    Raises:
        InputError: no such file, one that is not an exported run, is damaged, too large or of another version; or the
            home holds that run already.
        StorageError: the disk is full or refuses to be written.
    """
    bundle = read_bundle(path)
    info = bundle.info
    folder = home / "runs" / info.id
    if folder.exists():
        raise InputError(f"there is a run {shown(info.id)} already", "import it into another CONSILIENCE_HOME")
    place(home, info.library, bundle.papers)
    log = CallLog(calls_path(home))
    for kind, rows in bundle.exchanges.items():
        log.put_many(kind, rows)
    log.close()
    calls = ModelCalls(folder / "model-calls.sqlite")
    calls.name_models(bundle.models)
    calls.record_many(bundle.calls)
    calls.close()
    for name, data in bundle.files.items():
        write_atomic(folder / name, data)
    own_prompts.place(bundle.prompts, folder)
    write_info(folder, info)
    return info.id
