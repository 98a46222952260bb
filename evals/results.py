"""Owns what an eval gives back: figures, the published figures that stand beside them, what made them. Light."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .spending import Bill

Figure = float | int | str


@dataclass(frozen=True)
class Published:
    """A figure that somebody else published, for the reader to hold beside ours.

    ``figure`` is the name of *our* figure that it stands beside; ``value`` is on the same scale (shares, not percent).
    ``source`` is a DOI, an arXiv id or an address with the place in it (table, section). ``differs`` says how its
    protocol differs from ours, in a few words; '' where it does not.
    """

    system: str
    figure: str
    value: float
    split: str
    source: str
    differs: str = ""


@dataclass(frozen=True)
class Bin:
    """One point of a reliability diagram: ``count`` items, their mean confidence, and the share of them judged right.

    ``low`` and ``high`` are the ends of the share's 95 % Wilson interval.
    """

    confidence: float
    right: float
    low: float
    high: float
    count: int


@dataclass(frozen=True)
class EvalResult:
    """What a task measured: flat figures by name, a Markdown table, and the versions that made them.

    ``published`` stand beside the figures of the same name; ``provenance`` holds hashes by name (the judge's, each data
    file's); ``notes`` are sentences on the protocol; ``reliability`` is the diagram of the main measurement.
    """

    name: str
    figures: dict[str, Figure]
    table: str
    versions: dict[str, str] = field(default_factory=dict[str, str])
    published: tuple[Published, ...] = ()
    provenance: dict[str, str] = field(default_factory=dict[str, str])
    notes: tuple[str, ...] = ()
    reliability: tuple[Bin, ...] = ()
    bill: Bill | None = None
    """What a language model took, where one was asked."""

    def as_json(self) -> dict[str, Any]:
        """Plain values for the file of figures; what a task does not have is left out."""
        given = {name: value for name, value in asdict(self).items() if name != "table"}
        always = ("name", "figures", "versions")
        return {name: value for name, value in given.items() if value or name in always}
