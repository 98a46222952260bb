"""A run travels as one file: whole, without secrets, and taken in only if it is what it says it is."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consilience.errors import CorruptRunError, InputError
from consilience.literature.library import Library
from consilience.literature.placing import place_papers
from consilience.records import Event, Paper
from consilience.runs import bundle_reading
from consilience.runs.bundle import export_run, import_run
from consilience.runs.bundle_format import MANIFEST
from consilience.runs.calls import CallLog
from consilience.runs.model_calls import CHAT, CHAT_FAULT, CallModel, ModelCall, fault_key
from consilience.runs.run import Run
from consilience.runs.scrubbing import known_secrets, scrubbed
from consilience.runs.store import RunStore, calls_path
from consilience.settings import EndpointSettings, LanguageModelSettings, RoleSettings, Settings

KEY = "sk-planted-0123456789abcdef"
ODD_KEY = 'k"ey/with+odd chars\\0042'
PASSWORD = "Pa55word-of-somebody"
ANSWERED, REFUSED, OTHER = "a" * 64, "b" * 64, "c" * 64
PAPERS = (
    Paper(id="one", title="Zorbine", abstract="Zorbine reduced flimsy, see http://quux@example.org.", sources=("f",)),
    Paper(id="two", title="Zorbine again", abstract="Zorbine did not change flimsy.", sources=("f",)),
)


def call(key: str, **changes: Any) -> ModelCall:  # noqa: ANN401 -- values of any field
    values = {"id": key, "role": "judge", "task": "judge", "prompt_sha256": "d" * 64, "model": "m"}
    return ModelCall.model_validate(values | {"endpoint": "https://a/v1", "tokens_in": 5, "tokens_out": 2} | changes)


def event(key: str, said: str = "") -> Event:
    return Event(key=key, step=1, node="plan", agent="Searcher", time="", seconds=0.5, saw="", decided="x", why=said)


def made(home: Path, said: str = "because") -> tuple[Run, CallLog]:
    """A finished run with its calls in the log."""
    log = CallLog(calls_path(home))
    run = RunStore(home).create("Does zorbine reduce flimsy?", "zor", {"model": {"name": "m"}}, "run-one")
    run.transcript.record(event("plan/1", said))
    run.write_report({"report.json": json.dumps({"title": "Zorbine", "why": said})})
    run.model_calls.name_models([CallModel(role="judge", name="m", endpoint="https://a/v1", parameters={"seed": 7})])
    run.model_calls.record_many([call(ANSWERED), call(REFUSED, fault="refused", message="it declined")])
    log.put_many(CHAT, {ANSWERED: json.dumps({"text": said}).encode(), OTHER: b'{"text": "of another run"}'})
    log.put_many(CHAT_FAULT, {fault_key("run-one", REFUSED): b'{"fault": "refused"}'})
    log.put_many("stance:x", {"k": b"0.5"})
    run.finish("done", title="Zorbine")
    return run, log


@pytest.fixture
def exported(home: Path, tmp_path: Path) -> Path:
    run, log = made(home)
    export_run(run, PAPERS, log, tmp_path / "run.zip")
    return tmp_path / "run.zip"


def test_what_went_out_comes_in(exported: Path, home: Path, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    assert import_run(exported, fresh, place_papers) == "run-one"
    before, after = RunStore(home).open("run-one"), RunStore(fresh).open("run-one")
    assert after.info == before.info
    assert after.transcript.read() == before.transcript.read()
    assert after.file("report.json").read_bytes() == before.file("report.json").read_bytes()
    assert after.model_calls.read() == before.model_calls.read()
    assert after.model_calls.models() == before.model_calls.models()
    assert tuple(Library.open(fresh, "zor").papers()) == PAPERS
    log = CallLog(calls_path(fresh))
    assert json.loads(log.get_many(CHAT, [ANSWERED])[ANSWERED]) == {"text": "because"}
    assert log.get_many(CHAT_FAULT, [fault_key("run-one", REFUSED)])
    assert not log.get_many(CHAT, [OTHER])
    assert not log.get_many("stance:x", ["k"])


def test_a_run_that_came_in_goes_out_the_same(exported: Path, tmp_path: Path) -> None:
    import_run(exported, tmp_path / "fresh", place_papers)
    run, log = RunStore(tmp_path / "fresh").open("run-one"), CallLog(calls_path(tmp_path / "fresh"))
    export_run(run, Library.open(tmp_path / "fresh", "zor").papers(), log, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == exported.read_bytes()


def test_a_run_without_a_report_travels_too(home: Path, tmp_path: Path) -> None:
    run, log = made(home)
    run.file("report.json").unlink()
    export_run(run, PAPERS, log, tmp_path / "run.zip")
    import_run(tmp_path / "run.zip", tmp_path / "fresh", place_papers)
    assert not RunStore(tmp_path / "fresh").open("run-one").file("report.json").exists()


def test_an_answer_that_the_log_lost_stops_the_export(home: Path, tmp_path: Path) -> None:
    run, log = made(home)
    run.model_calls.record(call("e" * 64))
    with pytest.raises(CorruptRunError, match="lost 1 answer"):
        export_run(run, PAPERS, log, tmp_path / "run.zip")
    assert not (tmp_path / "run.zip").exists()


# ------------------------------------------------------------------------------------------------------- secrets


def test_no_planted_key_goes_out(home: Path, tmp_path: Path) -> None:
    planted = f"{KEY} {ODD_KEY} {PASSWORD} Bearer abcdefghijklmnop123 sk-unknown-of-anybody-987654"
    log = CallLog(calls_path(home))
    address = f"https://user:{PASSWORD}@a.example/v1"
    run = RunStore(home).create(planted, "zor", {"model": {"base_url": address, "name": planted}}, "run-one")
    run.transcript.record(event("plan/1", planted))
    run.write_report({"report.json": json.dumps({"title": planted, "address": address})})
    run.model_calls.name_models([CallModel(role="judge", name=planted, endpoint=address, parameters={"k": planted})])
    run.model_calls.record(call(ANSWERED, message=planted, endpoint=address))
    log.put_many(CHAT, {ANSWERED: json.dumps({"text": planted, "messages": [planted]}).encode()})
    papers = [paper.model_copy(update={"abstract": planted, "title": planted}) for paper in PAPERS]
    export_run(run, papers, log, tmp_path / "run.zip", (KEY, ODD_KEY, PASSWORD))
    with zipfile.ZipFile(tmp_path / "run.zip") as archive:
        members = {name: archive.read(name).decode() for name in archive.namelist()}
    assert len(members) == 8
    for secret in (KEY, ODD_KEY, json.dumps(ODD_KEY)[1:-1], PASSWORD, "abcdefghijklmnop123", "of-anybody", "user:"):
        assert [name for name, text in members.items() if secret in text] == []
    import_run(tmp_path / "run.zip", tmp_path / "fresh", place_papers)
    (first, _) = Library.open(tmp_path / "fresh", "zor").papers()
    assert len(first.abstract) == len(planted)


def test_authors_words_that_look_like_an_address_stay(exported: Path) -> None:
    with zipfile.ZipFile(exported) as archive:
        assert b"http://quux@example.org" in archive.read("papers.jsonl")


def test_what_people_write_in_place_of_a_key_is_no_secret() -> None:
    text = "An ollama server needs no key; not-needed will do, lm-studio too."
    assert scrubbed(text, ("ollama", "not-needed", "lm-studio", "", "x")) == text


def test_keys_are_found_in_settings_and_environment() -> None:
    model = LanguageModelSettings.model_validate(
        {
            "api_key": KEY,
            "base_url": f"https://user:{PASSWORD}@a.example/v1?code=Query-5ecret",
            "roles": RoleSettings(judge=EndpointSettings.model_validate({"api_key": "judge-key-1"})),
        }
    )
    found = known_secrets(Settings(model=model), {"OPENAI_API_KEY": " open-key-1 ", "HOME": "/home/x", "HF_TOKEN": ""})
    assert found == tuple(sorted({KEY, PASSWORD, "user", "Query-5ecret", "judge-key-1", "open-key-1"}))
    assert known_secrets(Settings(model=LanguageModelSettings(base_url="http://[bad")), {}) == ()


WORDS = st.text(st.characters(categories=["L", "N", "Zs"]), min_size=8, max_size=20)


@given(st.text(), st.lists(WORDS, max_size=3))
def test_a_text_keeps_its_length_and_no_secret(text: str, secrets: list[str]) -> None:
    covered = scrubbed(text + "".join(secrets), secrets, addresses=False)
    assert len(covered) == len(text + "".join(secrets))
    assert not [secret for secret in secrets if secret in covered and any(c.isdigit() for c in secret)]


# ------------------------------------------------------------------------------------------------------- hostile files

Change = Callable[[dict[str, bytes]], None]


def altered(path: Path, change: Change) -> Path:
    """The archive with its members changed and, where its manifest still names them, with the right digests."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    target = path.with_name("altered.zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target


def resealed(name: str, data: bytes) -> Change:
    """Puts another content into a member, and its size and digest into the manifest."""

    def change(members: dict[str, bytes]) -> None:
        members[name] = data
        manifest = json.loads(members[MANIFEST])
        manifest["members"][name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        members[MANIFEST] = json.dumps(manifest).encode()

    return change


def told(**changes: object) -> Change:
    """Changes fields of the manifest."""

    def change(members: dict[str, bytes]) -> None:
        members[MANIFEST] = json.dumps(json.loads(members[MANIFEST]) | changes).encode()

    return change


def put(name: str, data: bytes) -> Change:
    """Puts a member in and leaves the manifest as it was."""
    return lambda members: members.__setitem__(name, data)


RUN = {"id": "run-one", "question": "q", "library": "zor", "conversation": "run-one", "created": ""}
HOSTILE: dict[str, tuple[Change, str]] = {
    "no manifest": (lambda members: members.__delitem__(MANIFEST) or None, "not an exported run"),
    "another format": (told(format="zip"), "not an exported run"),
    "manifest is a list": (put(MANIFEST, b"[]"), "not an exported run"),
    "manifest is no JSON": (put(MANIFEST, b"{"), "damaged"),
    "manifest is huge": (put(MANIFEST, b" " * 100_000 + b"{}"), "longer than it should be"),
    "newer version": (told(version=2), "another version"),
    "members are no mapping": (told(members=[]), "manifest is damaged"),
    "a member more": (put("../../evil", b"x"), "not those that its manifest names"),
    "an absolute name": (put("/etc/evil", b"x"), "not those that its manifest names"),
    "a named member that is unknown": (resealed("evil.sh", b"x"), "unknown ones"),
    "a named member that leads elsewhere": (resealed("../evil", b"x"), "unknown ones"),
    "a member less": (lambda members: members.__delitem__("calls.jsonl") or None, "not those"),
    "a changed member": (put("papers.jsonl", b"{}"), "papers.jsonl is damaged"),
    "a longer member": (put("papers.jsonl", b"x" * 10**6), "longer than it should be"),
    "another run": (told(run="run-two"), "names another run"),
    "an id that leads elsewhere": (resealed("run.json", json.dumps(RUN | {"id": "../x"}).encode()), "run that cannot"),
    "a library that leads elsewhere": (
        resealed("run.json", json.dumps(RUN | {"library": "../x"}).encode()),
        "library that cannot",
    ),
    "run.json is none": (resealed("run.json", b"[]"), "run.json cannot be read"),
    "a paper is none": (resealed("papers.jsonl", b'{"id": "x", "title": ""}\n{}\n'), "line 2 of its member papers"),
    "an event is none": (resealed("transcript.jsonl", b"nothing\n"), "line 1 of its member transcript"),
    "an exchange of another kind": (
        resealed("calls.jsonl", json.dumps({"kind": "http", "key": "a" * 64, "value": {}}).encode()),
        "line 1 of its member calls",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_not_an_exported_run_is_refused_and_nothing_is_written(
    name: str, exported: Path, tmp_path: Path
) -> None:
    change, reason = HOSTILE[name]
    with pytest.raises(InputError, match=reason) as refused:
        import_run(altered(exported, change), tmp_path / "fresh", place_papers)
    assert refused.value.advice
    assert not (tmp_path / "fresh").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["altered.zip", "run.zip"]


def test_a_file_that_unpacks_to_too_much_is_refused_unread(
    exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle_reading, "MAX_BYTES", 10**6)
    bomb = altered(exported, resealed("papers.jsonl", b"0" * (10**6 + 1)))
    assert bomb.stat().st_size < 20_000
    with pytest.raises(InputError, match="unpacks to more than"):
        import_run(bomb, tmp_path / "fresh", place_papers)


def test_a_size_that_the_archive_lies_about_does_not_help(exported: Path, tmp_path: Path) -> None:
    def lie(members: dict[str, bytes]) -> None:
        manifest = json.loads(members[MANIFEST])
        members["papers.jsonl"] = b"0" * 10**7
        manifest["members"]["papers.jsonl"]["bytes"] = 10
        members[MANIFEST] = json.dumps(manifest).encode()

    with pytest.raises(InputError, match="longer than it should be"):
        import_run(altered(exported, lie), tmp_path / "fresh", place_papers)


def test_no_file_and_no_archive(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        import_run(tmp_path / "none.zip", tmp_path / "fresh", place_papers)
    (tmp_path / "text.zip").write_text("a text")
    with pytest.raises(InputError, match="not an exported run"):
        import_run(tmp_path / "text.zip", tmp_path / "fresh", place_papers)


def test_a_home_that_holds_the_run_or_another_library_is_left_alone(exported: Path, home: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a run 'run-one' already"):
        import_run(exported, home, place_papers)
    other = tmp_path / "other"
    place_papers(other, "zor", PAPERS[:1])
    with pytest.raises(InputError, match="other papers"):
        import_run(exported, other, place_papers)
    assert tuple(Library.open(other, "zor").papers()) == PAPERS[:1]
    assert not (other / "runs").exists()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.data())
def test_a_damaged_file_is_refused_or_is_the_same_run(exported: Path, tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(exported.read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
        content[place] ^= data.draw(st.integers(1, 255))
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(content)
    try:
        bundle = bundle_reading.read_bundle(damaged)
    except InputError:
        return
    assert bundle == bundle_reading.read_bundle(exported)
