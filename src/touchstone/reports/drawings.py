"""From a chart to picture files, drawn in process and without network."""

from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

import vl_convert

from touchstone.base.canonical import sha256_hex
from touchstone.reports.charts.looks import INK, QUIET, Chart, layer, name_scale, picture

VEGA_LITE = "6.4"
WIDE = 720
NARROW = 350

# Arial and Liberation Sans are equally wide, so that labels have equal room on every machine.
LATIN = 'Arial, "Liberation Sans", "Helvetica Neue", Helvetica'
SIMPLIFIED = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC"'
TRADITIONAL = '"PingFang TC", "Microsoft JhengHei", "Noto Sans CJK TC", "Source Han Sans TC"'
LAST = '"WenQuanYi Micro Hei", sans-serif'
FONTS = {
    "en": f"{LATIN}, {SIMPLIFIED}, {LAST}",
    "zh-hans": f"{LATIN}, {SIMPLIFIED}, {LAST}",
    "zh-hant": f"{LATIN}, {TRADITIONAL}, {LAST}",
}
HEAD = 40
FOOT_LINE = 18
PROBE = "Æ Score 1,234.5 得分及其区间 得分及其區間"


@dataclass(frozen=True, eq=False, slots=True)
class Drawn:
    """A chart with its picture in two widths, for paper or a screen and for a phone.

    Without anything to draw both are empty.
    """

    chart: Chart
    wide: bytes
    narrow: bytes


def draw_svg(spec: dict[str, Any], *, width: int = WIDE, language: str = "en") -> bytes:
    """Draw a picture as SVG of a fixed width in pixels; fonts are named in it, not contained.

    Equal specifications give equal bytes where program versions and fonts are equal. Nothing is
    fetched: specifications hold their values themselves.
    """
    layers = [_without_tooltip(layer) for layer in spec["layer"]]
    config = {**spec["config"], "font": FONTS[language]}
    fixed = {**spec, "width": width, "config": config, "layer": layers}
    svg: str = vl_convert.vegalite_to_svg(fixed, vl_version=VEGA_LITE, allowed_base_urls=[])
    return svg.encode()


def draw_chart(chart: Chart, *, language: str) -> Drawn:
    """Draw a chart in both widths."""
    if not chart.rows:
        return Drawn(chart, b"", b"")
    wide = draw_svg(chart.spec, width=WIDE, language=language)
    return Drawn(chart, wide, draw_svg(chart.spec, width=NARROW, language=language))


def framed_svg(drawn: Drawn, *, language: str) -> bytes:
    """Make of a drawn chart a picture that stands alone: with its title, notes and description."""
    chart = drawn.chart
    inner = drawn.wide.decode()
    height = float(inner.split('height="', 1)[1].split('"', 1)[0])
    whole = height + HEAD + FOOT_LINE * len(chart.notes) + (8 if chart.notes else 0)
    texts = [_text(chart.title, 24, f'font-size="16" font-weight="bold" fill="{INK}"')]
    for place, note in enumerate(chart.notes):
        baseline = height + HEAD + FOOT_LINE * place + 14
        texts.append(_text(note, baseline, f'font-size="12" fill="{QUIET}"'))
    font = escape(FONTS[language])
    placed = inner.replace("<svg ", f'<svg y="{HEAD}" ', 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDE}" height="{whole:g}" '
        f'viewBox="0 0 {WIDE} {whole:g}" font-family="{font}" role="img">'
        f"<title>{escape(chart.title)}</title><desc>{escape(chart.seen)}</desc>"
        f'<rect width="{WIDE}" height="{whole:g}" fill="white"/>{"".join(texts)}'
        f"{placed}</svg>\n"
    ).encode()


@cache
def drawing_probe(language: str) -> str:
    """Give the SHA-256 of a small picture, which tells whether two machines draw alike.

    Program versions and fonts both change how much room a label takes.
    """
    axis = {"title": PROBE, "labelLimit": 150}
    spec = picture(
        [layer([{"name": PROBE}], "point", {}, y=name_scale("name", axis=axis))],
        height={"step": 20},
    )
    return sha256_hex(draw_svg(spec, language=language))


def _without_tooltip(layer: dict[str, Any]) -> dict[str, Any]:
    """Leave out what only shows when a page's picture is pointed at."""
    encoding = {field: how for field, how in layer["encoding"].items() if field != "tooltip"}
    return {**layer, "encoding": encoding}


def _text(text: str, baseline: float, look: str) -> str:
    return f'<text x="8" y="{baseline:g}" {look}>{escape(text)}</text>'
