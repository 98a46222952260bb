"""Text from the world is data: no title, abstract or model's sentence changes what the report is made of."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from consilience.records import Event
from consilience.reports.escaping import arxiv_link, doi_link, markdown, plain, pmid_link
from consilience.reports.html import render_html
from consilience.reports.markdown import render_markdown
from consilience.reports.report import Report

Build = Callable[..., Report]
Tell = Callable[..., tuple[Event, ...]]

ATTACKS = (
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "](javascript:alert(1))",
    "[x](javascript:alert(1))",
    "![x](https://example.org/x.png)",
    "[1]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "a | b \\| c \\\\| d",
    "``` ` `` code `",
    "# heading\n\n- item\n1. item\n> quotation",
    "***\n---\n===",
    "$x$ and $$y$$",
    "~~struck~~ *a* _b_ **c**",
    "{{ 7*7 }} {% raw %} {# x #}",
    "&lt;b&gt; &#106; &amp; &copy;",
    "nul \x00 bell \x07 \x1b[31m",
    "\u202egnp.exe \u2066x\u2069",
    "<!-- comment -->",
    "]]></svg></title></desc><b>",
    '" onmouseover="alert(1)',
    "\\",
    "<",
)

HOSTILE = st.one_of(
    st.sampled_from(ATTACKS),
    st.lists(st.sampled_from(ATTACKS), min_size=2, max_size=3).map("".join),
    st.text(alphabet="\\`*_{}[]<>()#+-.!|$~&;:\n\t\x00 =@%'\"/1a", min_size=1, max_size=30),
    st.text(min_size=1, max_size=20),
)


def _after(hostile: str) -> Callable[[str], str]:
    def attacked(text: str) -> str:
        return text + hostile

    return attacked


def _before(hostile: str) -> Callable[[str], str]:
    def attacked(text: str) -> str:
        return hostile + "x" + text

    return attacked


class Tags(HTMLParser):
    """Collects the page's tags outside drawings, its attributes and its text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.names: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.text: list[str] = []
        self.drawing = 0
        self.comments = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if not self.drawing:
            self.tags.append(tag)
        self.drawing += tag == "svg"

    def handle_endtag(self, tag: str) -> None:
        self.drawing -= tag == "svg"
        if not self.drawing:
            self.tags.append("/" + tag)

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments += 1


@pytest.fixture(scope="module")
def benign_page(build: Build, tell: Tell) -> Tags:
    return page(build(), tell())


@pytest.fixture(scope="module")
def benign_shape(build: Build) -> list[str]:
    return shape(tokens(render_markdown(build())))


def page(report: Report, events: tuple[Event, ...]) -> Tags:
    tags = Tags()
    tags.feed(render_html(report, events))
    tags.close()
    return tags


def tokens(text: str) -> list[Token]:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)


def shape(found: list[Token]) -> list[str]:
    """Block structure, and inside each line what is not plain text."""
    kinds: list[str] = []
    for token in found:
        kinds.append(token.type)
        kinds += [c.type for c in token.children or () if c.type not in ("text", "text_special")]
    return kinds


def words(token: Token) -> str:
    return "".join(c.content for c in token.children or ())


@settings(max_examples=40)
@given(HOSTILE)
@example("".join(ATTACKS))
def test_hostile_text_leaves_the_html_as_it_is(build: Build, tell: Tell, benign_page: Tags, hostile: str) -> None:
    attacked = page(build(_after(hostile)), tell(_after(hostile)))
    assert attacked.tags == benign_page.tags
    assert attacked.names == benign_page.names
    assert attacked.comments == benign_page.comments
    assert [n for n, _ in attacked.attributes if n.startswith("on")] == []
    links = [v for n, v in attacked.attributes if n in ("href", "src", "action")]
    assert all(v.startswith(("#", "https://")) for v in links)
    assert plain("Trials disagree." + hostile) in "".join(attacked.text)


@settings(max_examples=40)
@given(HOSTILE)
@example("".join(ATTACKS))
def test_hostile_text_leaves_the_markdown_as_it_is(build: Build, benign_shape: list[str], hostile: str) -> None:
    attacked = tokens(render_markdown(build(_after(hostile))))
    assert shape(attacked) == benign_shape
    links = [str(c.attrs["href"]) for t in attacked for c in t.children or () if c.type == "link_open"]
    assert links
    assert all(link.startswith("https://") for link in links)
    shown = [words(t) for t in attacked if t.type == "inline"]
    assert any(plain("Trials disagree." + hostile) in line for line in shown)
    assert any(plain("lacks the outcome" + hostile) in line for line in shown)


@settings(max_examples=40)
@given(HOSTILE)
def test_hostile_text_at_a_line_s_start(build: Build, benign_shape: list[str], hostile: str) -> None:
    attacked = tokens(render_markdown(build(_before(hostile))))
    assert shape(attacked) == benign_shape


@settings(max_examples=200)
@given(HOSTILE)
def test_markdown_shows_exactly_the_plain_text(text: str) -> None:
    # In a table's cell, where a bar must not split it and a backslash before a bar must survive.
    found = tokens(f"| a | b |\n| --- | --- |\n| x{markdown(text)} | end |")
    cells = [words(t) for t in found if t.type == "inline"]
    assert cells == ["a", "b", "x" + plain(text), "end"]


@given(st.text())
def test_plain_text_is_one_line_without_hidden_characters(text: str) -> None:
    shown = plain(text)
    assert shown == plain(shown)
    assert len(shown.splitlines()) <= 1
    assert {unicodedata.category(c) for c in shown}.isdisjoint({"Cc", "Cs", "Zl", "Zp"})
    assert not set(shown) & set("\u202a\u202e\u2066\ufeff")


def test_scientific_text_stays_readable_in_the_source() -> None:
    text = "P < 0.05, 1.5 mg.kg-1 & 95% CI (0.2-0.8), Smith & Jones, 3 > 2"
    assert markdown(text) == text


@pytest.mark.parametrize(
    ("doi", "href"),
    [
        ("10.1000/xyz(99)1-0", "https://doi.org/10.1000/xyz%2899%291-0"),
        ("10.1000/<script>", "https://doi.org/10.1000/%3Cscript%3E"),
        ("javascript:alert(1)", ""),
        ("10.1000/a b", ""),
        ("", ""),
    ],
)
def test_a_doi_links_only_when_it_is_one(doi: str, href: str) -> None:
    assert doi_link(doi) == href


def test_other_identifiers_link_only_when_they_are_ones() -> None:
    assert pmid_link("123") == "https://pubmed.ncbi.nlm.nih.gov/123/"
    assert arxiv_link("2401.12345v2") == "https://arxiv.org/abs/2401.12345v2"
    assert arxiv_link("hep-th/9901001") == "https://arxiv.org/abs/hep-th/9901001"
    assert (pmid_link("1/../x"), arxiv_link("x y"), pmid_link("١٢")) == ("", "", "")


def test_hostile_identifiers_are_shown_and_not_linked(build: Build) -> None:
    report = build()
    bad: dict[str, Any] = {"doi": "javascript:alert(1)", "pmid": '1" onclick="x', "arxiv": "](javascript:x)"}
    papers = tuple(p.model_copy(update=bad) for p in report.papers)
    changed = report.model_copy(update={"papers": papers})
    tags = page(changed, ())
    links = [v for n, v in tags.attributes if n == "href"]
    assert all(v.startswith("#") for v in links)
    assert "javascript:alert(1)" in "".join(tags.text)
    found = tokens(render_markdown(changed))
    assert [c for t in found for c in t.children or () if c.type == "link_open"] == []
