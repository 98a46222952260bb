"""Local models: which file a name means, how a file becomes an endpoint, and what is told where it cannot.

llama.cpp itself is a double here, which stands where the child process imports it; ``tests/llm`` runs the real one.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from pydantic import SecretStr

from consilience.endpoints import local_files
from consilience.endpoints.choosing import resolve
from consilience.endpoints.local import pointed, serving
from consilience.endpoints.local_files import LocalModel, identify, locate
from consilience.endpoints.local_process import Served
from consilience.errors import EndpointError
from consilience.settings import LanguageModelSettings, Settings

GGUF = b"GGUF\x03\x00\x00\x00 and then the weights"
SHA = "fe72bc8dc33e6b3fffd56e09d8d5f9d1fd5e59e25e5db3ad25fbd7ba6b7b0f7a"
SERVED = Served("local:m.gguf@sha256:0123456789abcdef", "http://127.0.0.1:4711/v1", "its-own-key", 2048)

DOUBLE = """
import http.server, json, sys, threading, types


class CommonParams:
    def __init__(self):
        self.model, self.cpuparams, self.cpuparams_batch = (types.SimpleNamespace() for _ in range(3))


class Server:
    def __init__(self, params):
        print("llama.cpp says hello on standard output", flush=True)
        weights = open(params.model.path, "rb").read()
        if b"odd" in weights:
            print("0.00.1 E llama_model_load: error loading model: unknown model architecture: 'odd'", file=sys.stderr)
            raise RuntimeError("Failed to init server")

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                allowed = self.headers["Authorization"] == f"Bearer {params.api_keys[0]}"
                self.send_response(200 if allowed else 401)
                self.end_headers()
                meta = {"n_ctx": min(params.n_ctx, 8192)}
                self.wfile.write(json.dumps({"data": [{"id": list(params.model_alias)[0], "meta": meta}]}).encode())

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer((params.hostnames[0], params.port), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.listening_address = f"http://127.0.0.1:{server.server_port}"
"""


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    """A file that begins as a model does."""
    path = tmp_path / "m.gguf"
    path.write_bytes(GGUF)
    return path


@pytest.fixture
def llama(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``xllamacpp``'s double, for this process and its children."""
    folder = tmp_path / "double"
    folder.mkdir()
    (folder / "xllamacpp.py").write_text(DOUBLE)
    monkeypatch.delitem(sys.modules, "xllamacpp", raising=False)
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv("PYTHONPATH", str(folder))


def settings(home: Path, **model: object) -> Settings:
    return Settings(home=home, reasoner="model", model=LanguageModelSettings.model_validate(model))


def children() -> list[psutil.Process]:
    """The servers that this process started."""
    return [child for child in psutil.Process().children() if "consilience.endpoints.local_server" in child.cmdline()]


class TestFiles:
    def test_a_typed_path_is_the_file(self, model_file: Path, home: Path) -> None:
        assert locate(f"local:{model_file}", home) == model_file

    def test_a_tilde_is_the_persons_folder(self, model_file: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOME", str(model_file.parent))
        assert locate("local:~/m.gguf", home) == model_file

    @pytest.mark.parametrize(
        ("name", "told"),
        [
            ("local:", "names no file"),
            ("local:{folder}", "names no file"),
            ("local:{folder}/absent.gguf", "there is no model file"),
            ("local:{folder}/notes.txt", "is no GGUF file"),
            ("local:{folder}/empty.gguf", "is no GGUF file"),
            ("local:{folder}/big-00001-of-00002.gguf", "there is no model file {folder}/big-00002-of-00002.gguf"),
        ],
    )
    def test_what_is_no_model_is_told_in_a_sentence(self, name: str, told: str, tmp_path: Path, home: Path) -> None:
        (tmp_path / "notes.txt").write_text("buy milk")
        (tmp_path / "empty.gguf").touch()
        (tmp_path / "big-00001-of-00002.gguf").write_bytes(GGUF)
        with pytest.raises(EndpointError) as error:
            locate(name.format(folder=tmp_path), home)
        assert told.format(folder=tmp_path) in error.value.message
        assert error.value.advice
        assert error.value.exit_code == 2

    @pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
    def test_an_unreadable_file_is_told(self, model_file: Path, home: Path) -> None:
        model_file.chmod(0)
        with pytest.raises(EndpointError, match="cannot be read"):
            locate(f"local:{model_file}", home)

    async def test_the_identity_is_name_and_sha256_and_no_path(self, model_file: Path, home: Path) -> None:
        import hashlib

        model = await identify(model_file, home)
        assert model.sha256 == hashlib.sha256(GGUF).hexdigest()
        assert model.identity == f"local:m.gguf@sha256:{model.sha256[:16]}"
        assert str(model_file.parent) not in model.identity

    async def test_a_file_is_read_once_until_it_changes(
        self, model_file: Path, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = await identify(model_file, home)
        with monkeypatch.context() as patch:
            patch.setattr(local_files, "_sha256", None)  # would be called
            assert await identify(model_file, home) == first
        model_file.write_bytes(GGUF + b", other ones")
        assert (await identify(model_file, home)).sha256 != first.sha256

    async def test_all_parts_of_a_split_model_count(self, tmp_path: Path, home: Path) -> None:
        parts = [tmp_path / f"big-0000{n}-of-00002.gguf" for n in (1, 2)]
        for part in parts:
            part.write_bytes(GGUF)
        whole = await identify(locate(f"local:{parts[0]}", home), home)
        parts[1].write_bytes(GGUF + b"!")
        assert (await identify(parts[0], home)).sha256 != whole.sha256

    async def test_a_recorded_name_finds_its_file_again(self, model_file: Path, home: Path) -> None:
        recorded = (await identify(model_file, home)).identity
        assert locate(recorded, home) == model_file

    async def test_a_recorded_name_whose_file_is_gone_says_where_it_was(self, model_file: Path, home: Path) -> None:
        recorded = (await identify(model_file, home)).identity
        model_file.unlink()
        with pytest.raises(EndpointError) as error:
            locate(recorded, home)
        assert str(model_file) in error.value.advice

    async def test_a_damaged_memory_of_files_is_forgotten(self, model_file: Path, home: Path) -> None:
        first = await identify(model_file, home)
        (home / "local-models.json").write_text('{"half')
        assert await identify(model_file, home) == first


class TestPointing:
    def test_the_main_model_is_asked_at_its_server_by_every_role(self, home: Path) -> None:
        shown = pointed(settings(home, name="local:/m.gguf"), {"local:/m.gguf": SERVED})
        judge = resolve(shown, "judge", {"OPENAI_API_KEY": "sk-other"})
        assert (judge.name, judge.base_url, judge.key) == (SERVED.name, SERVED.base_url, SERVED.key)

    def test_bounds_become_the_servers(self, home: Path) -> None:
        model = pointed(settings(home, name="local:/m.gguf"), {"local:/m.gguf": SERVED}).model
        assert (model.context_tokens, model.max_output_tokens, model.concurrency) == (2048, 1024, 1)
        assert model.timeout_seconds >= 600

    def test_schemas_are_kept_without_a_probe_where_all_is_local(self, home: Path) -> None:
        whole = settings(home, name="local:/m.gguf")
        mixed = settings(home, name="local:/m.gguf", roles={"judge": {"name": "big"}})
        told = settings(home, name="local:/m.gguf", structure="plain")
        shown = [pointed(given, {"local:/m.gguf": SERVED}).model.structure for given in (whole, mixed, told)]
        assert shown == ["json_schema", "auto", "plain"]

    def test_a_model_that_reads_too_little_is_refused(self, home: Path) -> None:
        short = Served(SERVED.name, SERVED.base_url, SERVED.key, 512)
        with pytest.raises(EndpointError, match="512 tokens"):
            pointed(settings(home, name="local:/m.gguf"), {"local:/m.gguf": short})

    def test_a_roles_file_leaves_the_others_where_they_are(self, home: Path) -> None:
        given = settings(home, name="big", base_url="https://api.example.org/v1", api_key="k", roles={
            "auditor": {"name": "local:/m.gguf"},
        })  # fmt: skip
        shown = pointed(given, {"local:/m.gguf": SERVED})
        assert resolve(shown, "auditor", {}).base_url == SERVED.base_url
        assert resolve(shown, "judge", {}).base_url == "https://api.example.org/v1"
        assert resolve(shown, "judge", {}).key == "k"

    def test_a_role_elsewhere_keeps_its_address_and_key(self, home: Path) -> None:
        given = settings(home, name="local:/m.gguf", base_url="https://api.example.org/v1", api_key="k", roles={
            "judge": {"name": "big"},
            "writer": {"name": "gpt-5", "base_url": "https://api.openai.com/v1"},
        })  # fmt: skip
        shown = pointed(given, {"local:/m.gguf": SERVED})
        judge, writer = resolve(shown, "judge", {}), resolve(shown, "writer", {"OPENAI_API_KEY": "sk-x"})
        assert (judge.name, judge.base_url, judge.key) == ("big", "https://api.example.org/v1", "k")
        assert (writer.name, writer.key) == ("gpt-5", "sk-x")

    def test_a_role_with_an_address_and_no_model_is_told(self, home: Path) -> None:
        given = settings(home, name="local:/m.gguf", roles={"judge": {"base_url": "https://api.example.org/v1"}})
        with pytest.raises(EndpointError, match="CONSILIENCE_MODEL__ROLES__JUDGE__BASE_URL"):
            pointed(given, {"local:/m.gguf": SERVED})

    def test_neither_key_nor_port_stands_in_the_manifest_or_in_a_repr(self, home: Path) -> None:
        given = settings(home, name="local:/m.gguf", roles={"auditor": {"name": "local:/n.gguf"}})
        shown = pointed(given, {"local:/m.gguf": SERVED, "local:/n.gguf": SERVED})
        assert shown.manifest()["model"]["name"] == SERVED.name
        for text in (str(shown.manifest()), repr(SERVED)):
            assert SERVED.key not in text
        assert "4711" not in str(shown.manifest())


class TestServing:
    async def test_other_models_are_left_alone(self, home: Path) -> None:
        given = settings(home, name="gpt-5", roles={"judge": {"name": "other"}})
        async with serving(given) as shown:
            assert shown is given

    async def test_without_the_extra_the_command_to_install_it_is_told(
        self, model_file: Path, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "xllamacpp", None)
        with pytest.raises(EndpointError) as error:
            async with serving(settings(home, name=f"local:{model_file}")):
                pass
        assert error.value.advice == "install it with: pip install 'consilience[local]'"

    @pytest.mark.usefixtures("llama")
    async def test_a_file_is_served_while_the_block_lasts(self, model_file: Path, home: Path) -> None:
        async with serving(settings(home, name=f"local:{model_file}", context_tokens=4096)) as shown:
            key = shown.model.api_key
            assert isinstance(key, SecretStr)
            bearer = {"Authorization": f"Bearer {key.get_secret_value()}"}
            async with httpx.AsyncClient(trust_env=False) as client:
                listed = await client.get(f"{shown.model.base_url}/models", headers=bearer)
                refused = await client.get(f"{shown.model.base_url}/models")
            assert len(children()) == 1
        assert listed.json()["data"][0]["id"] == shown.model.name
        assert shown.model.context_tokens == 4096
        assert refused.status_code == 401
        assert not children()

    @pytest.mark.usefixtures("llama")
    async def test_the_context_is_the_models_where_it_is_smaller(self, model_file: Path, home: Path) -> None:
        async with serving(settings(home, name=f"local:{model_file}")) as shown:
            assert shown.model.context_tokens == 8192

    @pytest.mark.usefixtures("llama")
    async def test_one_file_is_served_once_by_whatever_name(self, model_file: Path, home: Path) -> None:
        recorded = (await identify(model_file, home)).identity
        given = settings(home, name=recorded, roles={"judge": {"name": f"local:{model_file}"}})
        async with serving(given) as shown:
            assert len(children()) == 1
            assert resolve(shown, "judge", {}).base_url == shown.model.base_url

    @pytest.mark.usefixtures("llama")
    async def test_what_llama_says_of_a_file_is_told(self, model_file: Path, home: Path) -> None:
        model_file.write_bytes(GGUF + b"odd")
        with pytest.raises(EndpointError) as error:
            async with serving(settings(home, name=f"local:{model_file}")):
                pass
        assert error.value.message == "m.gguf cannot be run by llama.cpp: unknown model architecture: 'odd'"
        assert not children()

    @pytest.mark.usefixtures("llama")
    async def test_a_run_that_is_given_up_leaves_no_server(self, model_file: Path, home: Path) -> None:
        async def run() -> None:
            async with serving(settings(home, name=f"local:{model_file}")):
                started.set()
                await asyncio.sleep(3600)

        started = asyncio.Event()
        task = asyncio.create_task(run())
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not children()

    @pytest.mark.usefixtures("llama")
    async def test_a_server_that_dies_is_a_dead_endpoint_and_no_more(self, model_file: Path, home: Path) -> None:
        async with serving(settings(home, name=f"local:{model_file}")) as shown:
            (server,) = children()
            server.kill()
            server.wait()
            async with httpx.AsyncClient(trust_env=False) as client:
                with pytest.raises(httpx.ConnectError):
                    await client.get(f"{shown.model.base_url}/models")


@pytest.mark.usefixtures("llama")
def test_a_killed_run_leaves_no_server(model_file: Path, home: Path, started_run: psutil.Popen) -> None:
    (server,) = started_run.children()
    assert "consilience.endpoints.local_server" in server.cmdline()
    started_run.send_signal(signal.SIGKILL)
    started_run.wait()
    gone, _ = psutil.wait_procs([server], timeout=60)
    assert gone == [server]


PROGRAM = """
import asyncio, sys
from consilience.endpoints.local import serving
from consilience.settings import load_settings

async def run():
    async with serving(load_settings(model={"name": sys.argv[1]})):
        print("ready", flush=True)
        await asyncio.sleep(3600)

asyncio.run(run())
"""


@pytest.fixture
def started_run(llama: None, model_file: Path) -> Iterator[psutil.Popen]:
    """A process that serves the file, until it is killed."""
    command = [sys.executable, "-P", "-c", PROGRAM, f"local:{model_file}"]
    with psutil.Popen(command, stdout=-1) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"ready"
        yield process
        if process.is_running():
            process.kill()


def test_settings_of_the_kinds_that_are_made_are_valid(home: Path) -> None:
    shown = pointed(settings(home, name="local:/m.gguf"), {"local:/m.gguf": SERVED}).model
    assert LanguageModelSettings.model_validate(shown.model_dump())


def test_an_identity_is_a_name_that_can_be_located(home: Path) -> None:
    model = LocalModel(Path("/models/a@sha256:b.gguf"), SHA)
    with pytest.raises(EndpointError, match=r"a@sha256:b\.gguf"):
        locate(model.identity, home)
