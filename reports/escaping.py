"""Text from the world as data: cleaned for display, escaped for Markdown, and linked only over http(s)."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

# Characters that carry no meaning in a line of prose: controls (NUL among them), surrogates, private use,
# unassigned, and format characters that reorder what is shown (bidirectional overrides and isolates).
_HIDDEN = {"Cc", "Cs", "Co", "Cn"}
_REORDERING = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_MARKS = re.compile(r"([\\`*_\[\]|$~#])")
_TAG_START = re.compile(r"<(?=[A-Za-z/!?]|$)")
_ENTITY_START = re.compile(r"&(?=[#A-Za-z])")
_LINE_START = re.compile(r"^([>=+\-:]|\d{1,9}(?=[.)](?:\s|$)))")
_DOI = re.compile(r"10\.\d{4,9}/[^\s\x00-\x1f]+")
_PMID = re.compile(r"[0-9]{1,9}")
_ARXIV = re.compile(r"([0-9]{4}\.[0-9]{4,5}|[a-z.\-]+/[0-9]{7})(v[0-9]+)?", re.IGNORECASE)


def plain(text: str) -> str:
    """One line of visible text: white space collapsed, hidden and reordering characters taken out.

    For display only: ``report.json`` holds every text exactly as its source does.
    """
    # White space first: line ends are controls too, and must part words rather than join them.
    one_line = " ".join(text.split())
    shown = "".join(
        c for c in one_line if c not in _REORDERING and (c == " " or unicodedata.category(c) not in _HIDDEN)
    )
    return " ".join(shown.split())


def markdown(text: str) -> str:
    """One line of Markdown that shows ``text`` and does nothing else, in a paragraph, list or table cell.

    ``<`` and ``&`` are written as entities only where they could begin a tag or an entity, so that "p < 0.05"
    stays readable in the source too.
    """
    escaped = _ENTITY_START.sub("&amp;", plain(text))
    escaped = _TAG_START.sub("&lt;", escaped)
    escaped = _MARKS.sub(r"\\\1", escaped)
    return _LINE_START.sub(_guard, escaped)


def _guard(match: re.Match[str]) -> str:
    """Keep a first character from opening a heading, list, quotation or rule."""
    start = match.group(1)
    if start[0].isdigit():
        # The dot or bracket after the digits is what makes a list: part it from them with an escape.
        return start + "\\"
    return "&gt;" if start == ">" else "\\" + start


def doi_link(doi: str) -> str:
    """The https address of a DOI, or nothing when it is not shaped like one."""
    return "https://doi.org/" + quote(doi, safe="/:;._-") if _DOI.fullmatch(doi) else ""


def pmid_link(pmid: str) -> str:
    """The https address of a PubMed record, or nothing when the id is not one."""
    return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if _PMID.fullmatch(pmid) else ""


def arxiv_link(arxiv: str) -> str:
    """The https address of an arXiv record, or nothing when the id is not one."""
    return f"https://arxiv.org/abs/{arxiv}" if _ARXIV.fullmatch(arxiv) else ""
