"""Tokens are counted exactly where that needs no network, and else estimated, rather too high than too low."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.endpoints.tokens import count, estimate, fit, is_exact, shorten

MODEL = "some-local-model"
# Counted with tiktoken 0.14: cl100k_base, o200k_base.
COUNTED = [
    ("Fexofenadine did not impair driving performance compared with placebo (p = 0.43).", 22, 20),
    ("Methods: We enrolled 1,248 adults (mean age 54.2 years; 61% women) and followed them for 12 weeks.", 31, 31),
    ("The pooled odds ratio was 0.78 (95% CI 0.64 to 0.95; I² = 12%), favouring the intervention.", 34, 34),
    ("Electroencephalographic desynchronisation correlated with psychomotor vigilance.", 17, 15),
    ('{"claim": "C1", "stance": "supports", "passages": ["S1", "S4"], "reason": "same outcome"}', 32, 32),
    ("α-Tocopherol 400 IU/d lowered IL-6 by −0.31 pg/mL (±0.05), while TNF-α was unchanged.", 34, 35),
    ("Les participants ont reçu 10 mg de mélatonine pendant trois semaines.", 18, 15),
    ("Both groups improved.\n\nResults\n- Pain fell by 2.1 points.\n- Sleep did not change.\n", 22, 22),
    ("CYP2D6*4/*4 carriers vs. extensive metabolisers: AUC0-24h 3.4-fold higher (n=17).", 33, 34),
    ("二重盲検試験では有意差は認められなかった。", 28, 19),
]
TEXT = "Pain fell in both groups. Sleep did not change (p = 0.40). Nausea was rare."


@pytest.mark.parametrize(("text", "cl100k", "o200k"), COUNTED)
def test_the_estimate_lies_above_the_truth_and_not_far(text: str, cl100k: int, o200k: int) -> None:
    assert not is_exact(MODEL)
    assert count(text, MODEL) == estimate(text)
    assert max(cl100k, o200k) <= count(text, MODEL) <= 2 * cl100k


def test_nothing_is_no_token() -> None:
    assert count("", MODEL) == 0


@given(st.text(), st.text())
def test_a_longer_text_is_never_fewer_tokens(first: str, second: str) -> None:
    assert count(first, MODEL) <= count(first + " " + second, MODEL)


@pytest.mark.parametrize("damaged", [False, True])
def test_an_encoding_is_neither_downloaded_nor_taken_from_a_damaged_file(tmp_path: Path, damaged: bool) -> None:
    address = b"https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken"
    file = tmp_path / hashlib.sha1(address, usedforsecurity=False).hexdigest()
    if damaged:
        file.write_bytes(b"IQ== 0\n")
    program = (
        "import socket, sys\n"
        "def refuse(*_): sys.exit('the network was asked')\n"
        "socket.getaddrinfo = socket.create_connection = refuse\n"
        "from consilience.endpoints.tokens import count, is_exact\n"
        "print(is_exact('gpt-4.1-mini'), count('Pain fell.', 'gpt-4.1-mini') > 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"TIKTOKEN_CACHE_DIR": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("False True\n", 0), done.stderr
    assert file.exists() == damaged


def test_whole_parts_are_fitted_in_their_order() -> None:
    parts = ["Pain fell.", "Sleep did not change.", "Nausea was rare."]
    sizes = [estimate(part) for part in parts]
    assert fit(parts, sum(sizes)) == 3
    assert fit(parts, sum(sizes) - 1) == 2
    assert fit(parts, sizes[0] - 1) == 0
    assert fit([], 10) == 0


def test_a_text_is_cut_at_the_end_of_a_sentence() -> None:
    two = "Pain fell in both groups. Sleep did not change (p = 0.40)."
    assert shorten(TEXT, estimate(TEXT)) == TEXT
    assert shorten(TEXT, estimate(TEXT) - 1) == two
    assert shorten(TEXT, estimate(two)) == two
    assert shorten(TEXT, 9) == "Pain fell in both groups."


def test_where_no_sentence_fits_the_first_words_do() -> None:
    assert shorten(TEXT, 5) == "Pain fell…"
    assert shorten(TEXT, 1) == ""


@given(st.text(max_size=400), st.integers(0, 80))
def test_what_was_shortened_fits(text: str, tokens: int) -> None:
    short = shorten(text, tokens)
    assert estimate(short) <= tokens
    assert short == text or text.startswith(short.removesuffix("…"))
