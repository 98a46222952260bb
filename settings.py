"""Settings: one nested model per concern, read from ``CONSILIENCE_*`` variables.

``CONSILIENCE_SCREENING__MAX_INCLUDED=60`` sets ``settings.screening.max_included``. Unknown names fail.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args
from urllib.parse import SplitResult, urlsplit

from platformdirs import user_data_path
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError as UnparsableError

from consilience.errors import SettingsError


class Concern(BaseModel):
    """Base of one concern's settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class QuestionSettings(Concern):
    max_characters: int = Field(default=2000, ge=10, description="longest question accepted")


class SearchSettings(Concern):
    max_queries: int = Field(default=8, ge=1, description="queries in one round")
    max_rounds: int = Field(default=3, ge=1, description="search rounds before the run goes on with what it has")
    hits_per_query: int = Field(default=200, ge=1, description="papers that one query may bring")
    saturation: float = Field(
        default=0.95, ge=0, le=1, description="estimated share of relevant work found at which searching stops"
    )


class ScreeningSettings(Concern):
    max_included: int = Field(default=40, ge=1, description="papers included at most, best first")
    min_score: float = Field(default=0.35, ge=0, le=1, description="relevance under which a paper is excluded")


class ExtractionSettings(Concern):
    chunk_size: int = Field(default=8, ge=1, description="papers in one fan-out task")
    max_claims_per_paper: int = Field(default=8, ge=1, description="claims kept from one paper, on-question first")


class VerificationSettings(Concern):
    chunk_size: int = Field(default=24, ge=1, description="ledger entries in one fan-out task")
    papers_per_side: int = Field(default=12, ge=1, description="papers sought for, and again against, a claim")
    sentences_per_paper: int = Field(default=3, ge=1, description="best sentences of a paper that are judged")


class PanelSettings(Concern):
    max_rounds: int = Field(default=4, ge=1, description="review rounds before the panel stops")
    max_searches: int = Field(
        default=1, ge=0, description="times that a coverage objection may send the run back to search"
    )
    tolerance: float = Field(default=0.25, gt=0, description="move of the panel's median that counts as none")


class ModelSettings(Concern):
    threads: int = Field(default=2, ge=1, description="sequences that ONNX Runtime runs side by side, one thread each")


Role = Literal[
    "searcher", "screener", "extractor", "prosecutor", "defender", "judge", "writer", "reviewer", "panel", "auditor"
]
"""Who may have a language model of its own."""
ROLES: tuple[Role, ...] = get_args(Role)
Structure = Literal["auto", "json_schema", "tools", "plain"]


class EndpointSettings(Concern):
    """A language model behind an OpenAI-compatible endpoint. What is not set is as for the other roles."""

    name: str | None = Field(default=None, description="the model, as the endpoint names it")
    base_url: str | None = Field(default=None, description="the endpoint, as http://localhost:8000/v1")
    api_key: SecretStr | None = Field(default=None, description="its key; else, at OpenAI alone, OPENAI_API_KEY")


E = TypeVar("E", bound=EndpointSettings)


class RoleSettings(Concern):
    """A model for one agent: a cheap one to screen, a strong one to judge, another vendor's to audit."""

    searcher: EndpointSettings = EndpointSettings()
    screener: EndpointSettings = EndpointSettings()
    extractor: EndpointSettings = EndpointSettings()
    prosecutor: EndpointSettings = EndpointSettings()
    defender: EndpointSettings = EndpointSettings()
    judge: EndpointSettings = EndpointSettings()
    writer: EndpointSettings = EndpointSettings()
    reviewer: EndpointSettings = EndpointSettings()
    panel: EndpointSettings = EndpointSettings()
    auditor: EndpointSettings = EndpointSettings()


class LanguageModelSettings(EndpointSettings):
    """The language model that reasons, where there is one, and how it is asked."""

    api_version: str | None = Field(default=None, description="Azure OpenAI's API version, for its older endpoints")
    temperature: float | None = Field(default=0.0, ge=0, le=2, description="sampling temperature; unset: the server's")
    seed: int | None = Field(default=7, description="passed where the server takes one")
    structure: Structure = Field(default="auto", description="how answers are held to their schema; auto tries each")
    context_tokens: int = Field(default=32_000, ge=1_000, description="tokens that the model reads and writes at most")
    max_output_tokens: int = Field(default=4_096, ge=64, description="tokens of one answer at most")
    timeout_seconds: float = Field(default=120.0, gt=0, description="longest silence of the server in one attempt")
    attempts: int = Field(default=5, ge=1, description="attempts at one call, the first among them")
    concurrency: int = Field(default=48, ge=1, description="calls under way at one endpoint; fewer after a 429")
    streaming: bool = Field(default=False, description="whether answers are streamed")
    prompts: Path | None = Field(default=None, description="folder of prompts that stand in for the shipped ones")
    roles: RoleSettings = Field(
        default=RoleSettings(),
        description="a model of its own for one agent, as ROLES__JUDGE__NAME: " + ", ".join(ROLES),
    )


class BudgetSettings(Concern):
    """What one run may cost. A bound that is reached ends the run with what it has, labelled partial."""

    max_cost: float | None = Field(default=None, gt=0, description="US dollars at the listed prices")
    max_tokens: int | None = Field(default=None, gt=0, description="tokens read and written")
    max_seconds: float | None = Field(default=None, gt=0, description="wall seconds of the language model's part")


class Settings(BaseSettings):
    """All settings of a run. ``home`` holds everything of a person: libraries, runs, checkpoints, calls."""

    model_config = SettingsConfigDict(
        env_prefix="CONSILIENCE_",
        env_nested_delimiter="__",
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
    )

    home: Path = Field(default_factory=lambda: user_data_path("consilience"))
    question: QuestionSettings = QuestionSettings()
    search: SearchSettings = SearchSettings()
    screening: ScreeningSettings = ScreeningSettings()
    extraction: ExtractionSettings = ExtractionSettings()
    verification: VerificationSettings = VerificationSettings()
    panel: PanelSettings = PanelSettings()
    models: ModelSettings = ModelSettings()
    reasoner: Literal["auto", "embedded", "model"] = Field(
        default="auto", description="who reasons; auto: a language model where a key or an endpoint is set"
    )
    model: LanguageModelSettings = LanguageModelSettings()
    budget: BudgetSettings = BudgetSettings()

    def manifest(self) -> dict[str, Any]:
        """The settings that shape a report, without the person's paths and without secrets.

        Those of the language model stand in it where one reasons.
        """
        if self.reasoner != "model":
            return self.model_dump(mode="json", exclude={"home": True, "model": True, "budget": True})
        shown: dict[str, Any] = self.model_dump(mode="json", exclude=_PRIVATE)
        for endpoint in (shown["model"], *shown["model"]["roles"].values()):
            is_file = (endpoint["name"] or "").startswith("local:")  # which is served on another port each time
            endpoint["base_url"] = None if is_file else public_address(endpoint["base_url"])
        return shown

    def restored(self, recorded: Mapping[str, Any]) -> Settings:
        """The settings that a run began with, and of these ones what no run records: folders, keys, full addresses.

        Raises:
            ValueError: what was recorded cannot be used.
        """
        values: dict[str, Any] = {"reasoner": "embedded", **recorded, "home": self.home}
        began = Settings(**values)
        ours, theirs = self.model.roles, began.model.roles
        roles = {role: _with_secrets(getattr(theirs, role), getattr(ours, role)) for role in ROLES}
        model = _with_secrets(began.model, self.model).model_copy(
            update={"prompts": self.model.prompts, "roles": RoleSettings(**roles)}
        )
        return began.model_copy(update={"model": model})


_PRIVATE: dict[str, Any] = {
    "home": True,
    "model": {"api_key": True, "prompts": True, "roles": {role: {"api_key"} for role in ROLES}},
}


def public_address(address: str | None) -> str | None:
    """An endpoint's address without user, password and query, any of which may be a secret."""
    if address is None:
        return None
    parts = urlsplit(address)
    return SplitResult(parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", "").geturl()


def _with_secrets(began: E, current: E) -> E:
    """An endpoint as it was recorded, with the key and the full address that it has now, if it is the same one."""
    if public_address(current.base_url) != began.base_url:
        return began
    return began.model_copy(update={"api_key": current.api_key, "base_url": current.base_url})


def load_settings(**overrides: Any) -> Settings:  # noqa: ANN401 -- values of any field
    """Settings from the environment, then ``overrides``.

    Raises:
        SettingsError: a value or name that cannot be used, with the name of the variable.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        first = error.errors()[0]
        name = "CONSILIENCE_" + "__".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"{name}: {first['msg']}", "correct or unset that variable") from error
    except UnparsableError as error:
        # A whole concern given in one variable must be JSON; the message names the concern, never its value.
        raise SettingsError(
            f"a CONSILIENCE_ variable cannot be read: {error}",
            "set one value a variable, as CONSILIENCE_SEARCH__MAX_ROUNDS=2",
        ) from error
