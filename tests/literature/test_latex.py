"""LaTeX in BibTeX fields."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.literature.cleaning import clean
from consilience.literature.latex import decode, encode


@pytest.mark.parametrize(
    ("latex", "plain"),
    [
        (r"{\"O}sten and K\"ahler", "Östen and Kähler"),
        (r"Caf\'{e} \'e {\'{e}} \'\i na", "Café é é ína"),
        (r"\c{c} \c c \v{s} \r{a} \u{g} \k{a} \H{o} \.{z}", "ç ç š å ğ ą ő ż"),
        (r"{\L}\'od\'z, {\o}, \ss{}, {\aa}, {\AE}", "Łódź, ø, ß, å, Æ"),
        (r"50\% \& \$5 \_ \#", "50% & $5 _ #"),
        (r"\textit{E. coli} and \emph{not} {DNA}", "E. coli and not DNA"),
        (r"$p < 0.05$ and $\alpha$-helix", "p < 0.05 and α-helix"),
        (r"10$^{6}$, $10^{-3}$, H$_2$O, 10\textsuperscript{9}", "10^6, 10^-3, H2O, 10^9"),
        (r"3 $\pm$ 0.2, $\geq$ 5, \textgreater 7", "3 ± 0.2, ≥ 5, >7"),
        ("cost $5 and not $60 more", "cost $5 and not $60 more"),
        ("pages 5--10, ``so''~he", "pages 5–10, “so” he"),
        (r"\unknowncommand{kept}", "unknowncommandkept"),
        (r"a\\b", "a b"),
    ],
)
def test_latex_is_read_as_the_text_it_prints(latex: str, plain: str) -> None:
    assert decode(latex) == plain


def test_an_identifier_keeps_its_dashes() -> None:
    assert decode(r"10.1000/a--b\_c", typography=False) == "10.1000/a--b_c"


@given(st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from(list("\\{}$%&#_~^-`'\"i")))))
def test_what_is_encoded_decodes_to_itself_with_balanced_braces(text: str) -> None:
    plain = clean(text)
    encoded = encode(plain)
    depth = 0
    for character in encoded:
        depth += (character == "{") - (character == "}")
        assert depth >= 0
    assert depth == 0
    assert decode(encoded) == plain


@given(st.text(alphabet=st.sampled_from(list("\\{}$^_'\"`~=.cvi a1-")), max_size=200))
def test_any_latex_is_read_without_an_error(text: str) -> None:
    assert isinstance(decode(text), str)
