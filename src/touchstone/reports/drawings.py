"""From a specification to a picture file, drawn in process and without network."""

from typing import Any

import vl_convert

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


def draw_svg(spec: dict[str, Any], *, width: int = WIDE, language: str = "en") -> bytes:
    """Draw a picture as SVG of a fixed width in pixels; fonts are named in it, not contained.

    Equal specifications give equal bytes where program versions and fonts are equal. Nothing is
    fetched: specifications hold their values themselves.
    """
    fixed = {**spec, "width": width, "config": {**spec["config"], "font": FONTS[language]}}
    svg: str = vl_convert.vegalite_to_svg(fixed, vl_version=VEGA_LITE, allowed_base_urls=[])
    return svg.encode()
