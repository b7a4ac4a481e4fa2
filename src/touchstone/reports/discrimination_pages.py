"""The report on discrimination in words, and the use of quotas, for pages of every kind."""

from dataclasses import dataclass
from decimal import Decimal

from touchstone.loop.results import Discrimination, QuotaUse
from touchstone.reports.charts import Chart, differences, scale_use
from touchstone.reports.charts.discriminations import named_components, share_in_words, use_cells
from touchstone.reports.recipes import Computed
from touchstone.reports.words import Words

FIGURE_PLACES = 3
COLUMNS = ("component", "weight", "variance_share", "full", "near_full", "top", "lowest")


@dataclass(frozen=True, eq=False, slots=True)
class DiscriminationWords:
    """What a page says: verdicts, the figures with their names, the components, the methods.

    `heads` and `rows` are the table of components; each row ends with its verdict.
    """

    verdicts: tuple[str, ...]
    basis: str
    figures: tuple[tuple[str, str], ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    method: tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class QuotaWords:
    """The use of each quota in each comparison group, as a table."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def discrimination_charts(found: Discrimination | None, words: Words) -> list[Chart]:
    """Give the pictures of the report: where differences come from, how much of marks is used."""
    if found is None:
        return []
    return [differences(found, words), scale_use(found, words)]


def discrimination_in_words(
    found: Discrimination | None, words: Words
) -> DiscriminationWords | None:
    """Say in words what the report on discrimination found; None where there is none."""
    if found is None:
        return None
    own = [] if found.absent is None else [found.absent]
    said = [found.total.verdict, *(one.verdict for one in found.components), *own, *found.verdicts]
    heads = (*COLUMNS, "middle", "median", "verdict")
    return DiscriminationWords(
        verdicts=tuple(dict.fromkeys(words.because(one) for one in said)),
        basis=_basis(found, words),
        figures=tuple(_figures(found, words)),
        heads=tuple(words.text(f"discrimination.label.{head}") for head in heads),
        rows=tuple(_rows(found, words)),
        method=(
            words.text("discrimination.method_share"),
            words.text("discrimination.method_marks"),
            words.text("discrimination.method_error"),
            words.text("discrimination.method_levels"),
            words.text("discrimination.method_draws", draws=found.draws, seed=found.seed),
        ),
    )


def quota_uses(computed: Computed) -> QuotaWords | None:
    """Give the use of the scheme's quotas as a table; None for a scheme without any."""
    return quotas_in_words(computed.assessment.quotas, computed.recipe.words)


def quotas_in_words(uses: tuple[QuotaUse, ...], words: Words) -> QuotaWords | None:
    """Give uses of quotas as a table; None without any."""
    if not uses:
        return None
    heads = ("rule", "group", "n", "places", "within", "beyond", "undecided")
    return QuotaWords(
        heads=tuple(words.text(f"quota.{head}") for head in heads),
        rows=tuple(
            (
                words.text(f"limit.{use.quota}"),
                group_in_words(use.group, words),
                *(
                    words.number(count)
                    for count in (use.n, use.places, use.within, use.beyond, use.undecided)
                ),
            )
            for use in uses
        ),
    )


def group_in_words(group: tuple[tuple[str, str], ...], words: Words) -> str:
    """Name a comparison group by the values it has; all units where there is no comparison."""
    if not group:
        return words.text("quota.all")
    texts = []
    for column, value in group:
        key = f"value.{column}.{value}"
        own = words.text(f"column.{column}")
        told = words.text("sign.name_and_value", name=own, value=value)
        texts.append(words.text(key) if words.knows(key) else told)
    return words.enumerate(texts)


def _basis(found: Discrimination, words: Words) -> str:
    if found.groups > 1:
        return words.text("discrimination.within_groups", groups=found.groups, n=found.n)
    return words.text("discrimination.in_one_group", n=found.n)


def _figures(found: Discrimination, words: Words) -> list[tuple[str, str]]:
    shares = ("error_share", "reliability", "pairs_apart", "order_holds")
    told = {name: share_in_words(getattr(found, name), words) for name in shares}
    told["spread"] = _number(found.spread, words)
    told["rank_correlation"] = _number(found.rank_correlation, words)
    told["levels"] = words.number(found.levels)
    names = ("spread", "error_share", "reliability", "levels", "pairs_apart", "order_holds")
    return [
        (words.text(f"discrimination.label.{name}"), told[name])
        for name in (*names, "rank_correlation")
    ]


def _rows(found: Discrimination, words: Words) -> list[tuple[str, ...]]:
    return [
        (
            name,
            share_in_words(one.weight / 100, words),
            share_in_words(one.variance_share, words),
            *use_cells(one, words),
            words.because(one.verdict),
        )
        for name, one in named_components(found, words)
    ]


def _number(figure: Decimal | None, words: Words) -> str:
    return words.text("sign.none") if figure is None else words.number(figure, FIGURE_PLACES)
