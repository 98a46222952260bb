"""Draws what evals measured: reliability diagrams, and our figures beside published ones; each as SVG and as PNG.

matplotlib is an extra (``evals``) and in the dev group; it is imported when something is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from consilience.errors import InputError

from .results import EvalResult, Published

_OURS, _THEIRS, _LINE = "#0b6e4f", "#8a8f98", "#b0b4ba"
_SALT = "consilience"
"""Names inside an SVG are drawn from this, so that equal figures are equal files."""


def check(folder: Path) -> None:
    """Whether plots can be drawn into ``folder``.

    Raises:
        InputError: matplotlib is missing, or there is a file of that name.
    """
    _pyplot()
    if folder.exists() and not folder.is_dir():
        raise InputError(f"--plots {folder} is a file", "name a folder")


def draw(results: Sequence[EvalResult], folder: Path) -> list[Path]:
    """A diagram a result with a reliability diagram, and a bar chart a result with published figures; the files' paths.

    Raises:
        InputError: matplotlib is missing, or the folder cannot be written.
    """
    plot = _pyplot()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        made: list[Path] = []
        for result in results:
            if result.reliability:
                made += _save(plot, _reliability(plot, result), folder / f"{result.name}-reliability")
            if result.published:
                made += _save(plot, _beside(plot, result), folder / f"{result.name}-published")
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror}", "name another folder for --plots") from error
    return made


def _pyplot() -> Any:  # noqa: ANN401 -- an optional library without types
    try:
        import_module("matplotlib").use("Agg")
        return import_module("matplotlib.pyplot")
    except ImportError as error:
        advice = "install it: pip install 'consilience[evals]', or leave --plots out"
        raise InputError("--plots needs matplotlib, which is not installed", advice) from error


def _reliability(plot: Any, result: EvalResult) -> Any:  # noqa: ANN401 -- see above
    figure, axes = plot.subplots(figsize=(5, 5), layout="constrained")
    axes.plot([0, 1], [0, 1], color=_LINE, linestyle="--", label="perfectly calibrated")
    found = result.reliability
    low = [max(0.0, b.right - b.low) for b in found]
    high = [max(0.0, b.high - b.right) for b in found]
    label = f"bins of equal count, {sum(b.count for b in found)} items (bars: 95 %)"
    axes.errorbar(
        [b.confidence for b in found], [b.right for b in found], yerr=[low, high],
        fmt="o-", color=_OURS, capsize=3, label=label,
    )  # fmt: skip
    axes.set(
        xlim=(0, 1.02), ylim=(-0.02, 1.02), xlabel="probability of the most likely class", ylabel="share judged right"
    )
    axes.set_title(f"{result.name}: {result.figures.get('reasoner', 'Consilience')}")
    axes.set_aspect("equal")
    axes.legend(loc="lower right", fontsize="small")
    return figure


def _beside(plot: Any, result: EvalResult) -> Any:  # noqa: ANN401 -- see above
    bars: list[tuple[str, float, str]] = []
    for name in dict.fromkeys(p.figure for p in result.published):
        ours = result.figures.get(name)
        if isinstance(ours, int | float):
            bars.append((f"Consilience, {name}", float(ours), _OURS))
        bars += [(_named(p), p.value, _THEIRS) for p in result.published if p.figure == name]
    bars.reverse()
    figure, axes = plot.subplots(figsize=(8, 0.8 + 0.42 * len(bars)), layout="constrained")
    drawn = axes.barh(range(len(bars)), [value for _, value, _ in bars], color=[colour for *_, colour in bars])
    axes.bar_label(drawn, fmt="%.3f", padding=3)
    axes.set_yticks(range(len(bars)), [name for name, *_ in bars])
    axes.set(xlim=(0, 1.1))
    figure.suptitle(f"{result.name}: beside published figures (protocols differ: see the table)")
    return figure


def _named(published: Published) -> str:
    return f"{published.system}, {published.figure} ({published.split})"


def _save(plot: Any, figure: Any, stem: Path) -> list[Path]:  # noqa: ANN401 -- see above
    """Both files of a figure, without the date of drawing: equal figures give equal files."""
    with plot.rc_context({"svg.hashsalt": _SALT, "svg.fonttype": "none"}):
        figure.savefig(stem.with_suffix(".svg"), metadata={"Date": None})
        figure.savefig(stem.with_suffix(".png"), dpi=144, metadata={"Software": None})
    plot.close(figure)
    return [stem.with_suffix(".svg"), stem.with_suffix(".png")]
