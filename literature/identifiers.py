"""Owns identifiers: how a DOI, a PMID and an arXiv id are written, and how a paper gets its own id."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import unquote

from consilience.records import Record

from .cleaning import fold_title, surname

_DOI_PREFIX = re.compile(r"^(?:doi\s*:\s*)?(?:(https?://)?(?:dx\.|www\.)?doi\.org/)?(?:doi\s*:\s*)?", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S{1,200}")
_PMID = re.compile(r"(?:pmid\s*:?\s*|https?://(?:www\.)?pubmed\.ncbi\.nlm\.nih\.gov/)?0*([1-9]\d{0,8})(?:\.0)?/?")
_ARXIV = re.compile(
    r"(?:https?://(?:www\.)?arxiv\.org/(?:abs|pdf)/|arxiv\s*:\s*)?"
    r"(\d{4}\.\d{4,5}|[a-z][a-z-]*(?:\.[a-z]{2})?/\d{7})(?:v\d+)?(?:\.pdf)?(?:\s*\[.*\])?",
    re.IGNORECASE,
)
_ARXIV_DOI = "10.48550/arxiv."
_SAFE_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?")


def normalise_doi(text: str) -> str:
    """Lower case, without a resolver's prefix and closing punctuation; empty if it is not a DOI."""
    text = text.strip()
    prefix = _DOI_PREFIX.match(text)
    bare = text[prefix.end() :] if prefix else text
    if prefix and prefix.group(1):
        bare = unquote(bare)  # only in an address does %2F stand for a slash
    bare = bare.lower().rstrip(".,;")
    return bare if _DOI.fullmatch(bare) and bare.isprintable() else ""


def normalise_pmid(text: str) -> str:
    """The digits of a PubMed id; empty if it is not one. Spreadsheets' ``123.0`` is read as 123."""
    match = _PMID.fullmatch(text.strip().lower())
    return match.group(1) if match and match.group(1).isascii() else ""


def normalise_arxiv(text: str) -> str:
    """An arXiv id without version and prefix, lower case; empty if it is not one."""
    match = _ARXIV.fullmatch(text.strip())
    return match.group(1).lower() if match and match.group(1).isascii() else ""


def arxiv_of_doi(doi: str) -> str:
    """The arXiv id that arXiv's own DOIs carry."""
    return normalise_arxiv(doi[len(_ARXIV_DOI) :]) if doi.startswith(_ARXIV_DOI) else ""


def is_safe_id(text: str) -> bool:
    """Whether a source's own key can be a paper's id: letters, digits, ``. _ -``, at most 64."""
    return bool(_SAFE_ID.fullmatch(text))


def derived_id(record: Record) -> str:
    """An id from the record alone, always the same: from DOI, PMID, arXiv id or a hash of the title."""
    if record.doi:
        return _slug("doi", record.doi)
    if record.pmid:
        return f"pmid-{record.pmid}"
    if record.arxiv:
        return _slug("arxiv", record.arxiv)
    first = surname(record.authors[0]) if record.authors else ""
    return "title-" + _hash(f"{fold_title(record.title) or record.title}|{first}|{record.year or ''}")


def _slug(kind: str, identifier: str) -> str:
    """Readable where nothing is lost; two identifiers that read the same differ in their hash."""
    plain = re.sub(r"[^a-z0-9.]+", "-", identifier).strip("-.")
    slug = f"{kind}-{plain}"
    if plain == identifier.replace("/", "-", 1) and len(slug) <= 64:
        return slug
    return f"{slug[:51].rstrip('-.')}-{_hash(identifier)}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
