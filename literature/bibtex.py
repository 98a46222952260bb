"""Owns BibTeX (and biblatex's field names): one entry after the other through bibtexparser.

A file is cut into entries first, so that a broken one is refused with its line and the others are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, TextIO, cast

from consilience.records import Paper

from . import latex
from .entries import Entry, Refusal, SourceFile, build

if TYPE_CHECKING:
    from bibtexparser.bparser import BibTexParser

_START = re.compile(r"@\s*([A-Za-z]+)\s*([{(])")
_NEXT_ENTRY = re.compile(r"^[ \t]*@\s*[A-Za-z]+\s*[{(][^\s,={}()\"]+\s*,", re.MULTILINE)
_FORGOTTEN_AT = re.compile(r"^[ \t]*[A-Za-z]+\s*\{\s*[^\s,={}]+\s*,[ \t]*$", re.MULTILINE)
_STRUCTURE = re.compile(r"[{}()]|^[ \t]*@", re.MULTILINE)
_PLAIN_TYPES = frozenset({"article", "misc"})
_WRITTEN_TYPES = frozenset(("book", "inproceedings", "incollection", "phdthesis", "techreport", "unpublished"))
_FIELDS = {
    "title": ("title",),
    "abstract": ("abstract",),
    "year": ("year", "date"),
    "venue": ("journal", "journaltitle", "booktitle"),
    "type": ("type",),
    "retracted": ("retracted",),
    "text_origin": ("textorigin",),
}
_MAX_UNDEFINED = 50


class _Piece(NamedTuple):
    line: int
    kind: str
    text: str
    closed: bool


def read(source: SourceFile) -> Iterator[Entry | Refusal]:
    """The file's entries in order; ``@string`` abbreviations are resolved, comments skipped."""
    from bibtexparser.bparser import BibTexParser

    parser = cast("BibTexParser", BibTexParser(ignore_nonstandard_types=False))
    parser.expect_multiple_parse = True
    for piece in _pieces(source.text):
        where = f"line {piece.line}"
        if not piece.kind:
            yield Refusal(where, "it looks like an entry whose @ is missing")
        elif not piece.closed:
            yield Refusal(where, f"the braces of this @{piece.kind} are not balanced")
        elif piece.kind in ("string", "preamble"):
            _parse(source, parser, piece)
        elif piece.kind != "comment":
            yield _entry(source, parser, where, piece)


def _pieces(text: str) -> Iterator[_Piece]:
    """Cut at entries. One that does not close ends where the next begins at the start of a line."""
    at, line, seen = 0, 1, 0
    while start := _START.search(text, at):
        for lost in _FORGOTTEN_AT.finditer(text, at, start.start()):
            yield _Piece(line + text.count("\n", seen, lost.start()), "", "", False)
        line, seen = line + text.count("\n", seen, start.start()), start.start()
        end, closed = _end(text, start)
        yield _Piece(line, start.group(1).lower(), text[start.start() : end], closed)
        at = end
    for lost in _FORGOTTEN_AT.finditer(text, at):
        yield _Piece(line + text.count("\n", seen, lost.start()), "", "", False)


def _end(text: str, start: re.Match[str]) -> tuple[int, bool]:
    """Where an entry ends, and whether it was closed. BibTeX counts escaped braces too."""
    depth, round_brackets = 0, start.group(2) == "("
    for sign in _STRUCTURE.finditer(text, start.end()):
        character = sign.group()
        if character == "{":
            depth += 1
        elif character == "}" and depth > 0:
            depth -= 1
        elif depth == 0 and character == (")" if round_brackets else "}"):
            return sign.end(), True
        elif character.endswith("@") and _NEXT_ENTRY.match(text, sign.start()):
            return sign.start(), False
    return len(text), False


def _parse(source: SourceFile, parser: BibTexParser, piece: _Piece) -> str:
    """Let the parser add the piece to its database; the answer is why it could not, or nothing."""
    from bibtexparser.bibdatabase import UndefinedString
    from pyparsing import ParseException

    for _ in range(_MAX_UNDEFINED):
        try:
            parser.parse(piece.text)
        except UndefinedString as unknown:
            name = str(unknown.args[0])
            parser.bib_database.strings[name.lower()] = name
            source.note(f"the abbreviation {name} is not defined in the file; its name was kept")
        except ParseException as error:
            return f"it cannot be parsed ({error.msg.strip().rstrip('.')})"
        except RecursionError:
            return "its braces are nested too deeply"
        else:
            return ""
    return f"more than {_MAX_UNDEFINED} abbreviations are not defined"


def _entry(source: SourceFile, parser: BibTexParser, where: str, piece: _Piece) -> Entry | Refusal:
    entries: list[dict[str, str]] = parser.bib_database.entries
    entries.clear()
    if why := _parse(source, parser, piece):
        return Refusal(where, why)
    if len(entries) != 1:
        return Refusal(where, "it cannot be parsed (a comma, an equals sign or a quotation mark is missing)")
    fields = dict(entries[0])
    raw: dict[str, object] = {}
    for name, candidates in _FIELDS.items():
        raw[name] = next((latex.decode(fields[key]) for key in candidates if fields.get(key)), None)
    kind = fields["ENTRYTYPE"]
    raw["id"] = fields["ID"]
    raw["type"] = raw["type"] or ("" if kind in _PLAIN_TYPES else kind)
    raw["authors"] = _authors(fields.get("author", ""))
    for name in ("doi", "pmid", "source"):
        raw[name] = latex.decode(fields.get(name, ""), typography=False)
    raw["arxiv"] = _arxiv(fields)
    return build(source, f"{where} ({fields['ID']})", raw)


def _arxiv(fields: dict[str, str]) -> str:
    archive = (fields.get("archiveprefix") or fields.get("eprinttype") or "").lower()
    return fields.get("arxiv") or (fields.get("eprint", "") if archive == "arxiv" else "")


def _authors(text: str) -> list[str]:
    """Names at "and" outside braces; the final "others" of an abridged list is no name."""
    names = [name.strip() for name in _split_and(text)]
    if names and names[-1].lower() == "others":
        names.pop()
    return [latex.decode(name) for name in names if name]


def _split_and(text: str) -> Iterator[str]:
    depth, begin = 0, 0
    for sign in re.finditer(r"[{}]|(?<!\S)and(?!\S)", text, re.IGNORECASE):
        if sign.group() == "{":
            depth += 1
        elif sign.group() == "}":
            depth -= 1
        elif depth == 0:
            yield text[begin : sign.start()]
            begin = sign.end()
    yield text[begin:]


def write(papers: Sequence[Paper], file: TextIO) -> None:
    """One entry a paper, its id as the key."""
    for paper in papers:
        kind = paper.type if paper.type in _WRITTEN_TYPES else "article"
        fields = {
            "title": latex.encode(paper.title),
            "author": " and ".join(_name(name) for name in paper.authors),
            "year": str(paper.year) if paper.year is not None else "",
            "journal": latex.encode(paper.venue),
            "doi": latex.encode(paper.doi),
            "pmid": paper.pmid,
            "eprint": paper.arxiv,
            "archiveprefix": "arXiv" if paper.arxiv else "",
            "type": latex.encode(paper.type),
            "retracted": "true" if paper.retracted else "",
            "textorigin": paper.text_origin if paper.text_origin != "authors" else "",
            "abstract": latex.encode(paper.abstract),
            "source": latex.encode("; ".join(paper.sources)),
        }
        lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
        file.write(f"@{kind}{{{paper.id},\n{lines}\n}}\n\n")


def _name(name: str) -> str:
    """In braces where BibTeX would see two names or an abridged list."""
    encoded = latex.encode(name)
    return f"{{{encoded}}}" if re.search(r"\b(and|others)\b", name, re.IGNORECASE) else encoded
