"""Reference lines: authors, year, title, venue, links. A field that the record lacks stays empty."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .escaping import arxiv_link, doi_link, plain, pmid_link
from .report import ReportPaper

_INITIALS = re.compile(r"[A-Z](?:[A-Z]{0,2}|\.?(?:[\s\-]?[A-Z]\.?)*)")
_GROUP = re.compile(r"\b(group|consortium|collaborat\w+|committee|investigators|team|network|society)\b", re.I)
_ENDS = (".", "?", "!")


@dataclass(frozen=True)
class Link:
    """What a link shows and where it leads; ``href`` is https or empty (then the label is shown alone)."""

    label: str
    href: str


@dataclass(frozen=True)
class ReferenceLine:
    """A reference in parts, as plain text; ``text`` joins them."""

    authors: str
    year: str
    title: str
    venue: str
    links: tuple[Link, ...]

    @property
    def text(self) -> str:
        """Authors (year). Title. Venue. Identifiers."""
        head = " ".join(part for part in (self.authors, f"({self.year})" if self.year else "") if part)
        parts = [_closed(part) for part in (head, self.title, self.venue) if part]
        return " ".join([*parts, *(link.label for link in self.links)])


def reference_line(paper: ReportPaper) -> ReferenceLine:
    """The reference of a paper; every author is named."""
    links = (
        Link(f"doi:{plain(paper.doi)}", doi_link(paper.doi)) if paper.doi else None,
        Link(f"PMID {plain(paper.pmid)}", pmid_link(paper.pmid)) if paper.pmid else None,
        Link(f"arXiv:{plain(paper.arxiv)}", arxiv_link(paper.arxiv)) if paper.arxiv else None,
    )
    names = [plain(a) for a in paper.authors if plain(a)]
    return ReferenceLine(
        authors=("; " if any("," in name for name in names) else ", ").join(names),
        year=str(paper.year) if paper.year is not None else "",
        title=plain(paper.title),
        venue=plain(paper.venue),
        links=tuple(link for link in links if link),
    )


def _closed(text: str) -> str:
    return text if text.endswith(_ENDS) else text + "."


def surname(name: str) -> str:
    """The family name in "Wilens, T. E.", "T E Wilens", "Wilens TE" or "Timothy E. van der Wilens".

    The name of a group is given whole.
    """
    name = plain(name)
    if "," in name:
        return name.split(",", 1)[0].strip()
    words = name.split()
    if len(words) < 2 or _GROUP.search(name):
        return name
    if _INITIALS.fullmatch(words[-1]) and not _INITIALS.fullmatch(words[0]):
        return " ".join(words[:-1])
    # Lower-case particles belong to the name that follows them.
    first = len(words) - 1
    while first > 1 and words[first - 1].islower():
        first -= 1
    return " ".join(words[first:])


def short_name(paper: ReportPaper) -> str:
    """ "Wilens et al. 1999" for running text; the title, whole, where the record names no author."""
    names = [surname(a) for a in paper.authors if plain(a)]
    if not names:
        head = plain(paper.title)
    elif len(names) <= 2:
        head = " and ".join(names)
    else:
        head = f"{names[0]} et al."
    return f"{head} {paper.year}" if paper.year is not None else head


def sort_key(paper: ReportPaper) -> tuple[str, int, str, str]:
    """The order of the reference list: first author's family name, year, title, id."""
    first = surname(paper.authors[0]) if paper.authors else ""
    return (
        first.casefold() or plain(paper.title).casefold(),
        paper.year or 0,
        paper.title.casefold(),
        paper.id,
    )
