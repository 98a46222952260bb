"""Owns the claims that a person gives on the command line or in a file, checked before anything heavy is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from consilience.errors import ClaimError, InputError
from consilience.runs.names import shown

if TYPE_CHECKING:
    from consilience.reports.verification import Refusal
    from consilience.verifying import Given

MOST_BYTES = 20_000_000
"""A larger file is no list of claims."""


@dataclass(frozen=True)
class Claims:
    """What can be verified, in order, and the lines of the file that cannot."""

    given: tuple[Given, ...]
    refused: tuple[Refusal, ...] = ()


def claims_from(claim: str | None, file: Path | None, max_characters: int) -> Claims:
    """The claim of the command line, or those of the file.

    Raises:
        InputError: neither or both were given; the file cannot be read, is not UTF-8, or holds no claim.
        ClaimError: the claim of the command line is none.
    """
    from consilience.verifying import Given, check_claim

    if (claim is None) == (file is None):
        problem = "no claim was given" if claim is None else "a claim and a file were given"
        raise InputError(problem, 'give one of them: consilience verify "X reduces Y in Z", or --file claims.txt')
    if file is None:
        return Claims((Given(check_claim(claim or "", max_characters)),))
    return _from_lines(_text_of(file), str(file), max_characters)


def _from_lines(text: str, name: str, max_characters: int) -> Claims:
    from consilience.reports.verification import Refusal
    from consilience.verifying import Given, check_claim

    given: list[Given] = []
    refused: list[Refusal] = []
    # Only line ends of files: a paragraph separator inside a claim must not shift the numbers that editors show.
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            given.append(Given(check_claim(line, max_characters), number))
        except ClaimError as error:
            refused.append(Refusal(line=number, text=shown(line.strip()), problem=error.message, advice=error.advice))
    if not given:
        first = f"; line {refused[0].line}: {refused[0].problem}" if refused else ""
        raise InputError(f"{name} holds no claim{first}", "write one claim a line, as: X reduces Y in Z")
    return Claims(tuple(given), tuple(refused))


def _text_of(file: Path) -> str:
    """The file's text.

    Raises:
        InputError: it cannot be read, is too large, or is not UTF-8; the line is named.
    """
    try:
        if file.is_dir():
            raise InputError(f"--file {file} is a folder", "name a text file with one claim a line")
        if file.stat().st_size > MOST_BYTES:
            raise InputError(f"{file} is larger than {MOST_BYTES // 1_000_000} MB", "split it")
        data = file.read_bytes()
    except OSError as error:
        raise InputError(
            f"{file} cannot be read: {error.strerror}", "name a text file with one claim a line"
        ) from error
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(f"{file} is UTF-16, not UTF-8", "save it as UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = f"{file} is not UTF-8: line {line} holds the byte 0x{data[error.start]:02x}"
        raise InputError(problem, "save it as UTF-8") from error
