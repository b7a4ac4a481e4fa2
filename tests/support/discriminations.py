"""Stored assessments that tell how far their scheme discriminates, with a quota."""

from decimal import Decimal

from tests.support.assessments import riverland
from tests.support.casts import Cast

from touchstone.loop.results import (
    Because,
    Component,
    Discrimination,
    GradeProbabilities,
    QuotaUse,
)
from touchstone_web.assessments import models
from touchstone_web.assessments.records import plain, probabilities_record

HALF, NOTHING, ONE = Decimal("0.5"), Decimal(0), Decimal(1)


def riverland_discriminated(cast: Cast) -> models.Assessment:
    """The three schools with a report of one saturated criterion, and a quota's use."""
    assessment = riverland(cast)
    quota = QuotaUse("participation_high", (), 3, 1, 1, 1, 1)
    assessment.quotas = plain((quota,))
    assessment.discrimination = plain(a_report())
    assessment.save(update_fields=["quotas", "discrimination"])
    kept = GradeProbabilities("draws", (("no", Decimal("0.250000")), ("yes", Decimal("0.750000"))))
    assessment.results.update(probabilities=probabilities_record(kept))
    return assessment


def a_report() -> Discrimination:
    """A report on three units, of which none can be told from another."""
    return Discrimination(
        n=3,
        groups=1,
        spread=Decimal("2.5"),
        error_share=HALF,
        reliability=HALF,
        levels=1,
        pairs_apart=NOTHING,
        order_holds=Decimal("0.61"),
        rank_correlation=Decimal("0.4"),
        components=(a_component("school_wide_growth"),),
        total=a_component("total"),
        verdicts=(Because("differences_mostly_error", (("share", "50"),)),),
        absent=None,
        seed=1,
        draws=200,
    )


def a_component(name: str) -> Component:
    """A component in which two of three units have full marks."""
    details = (("share", "100"), ("bar", "95"), ("low", "0"), ("highest", "100"))
    key = "total_saturated" if name == "total" else "component_saturated"
    own = () if name == "total" else (("criterion", name),)
    return Component(
        criterion=name,
        n=3,
        weight=Decimal(100),
        low=NOTHING,
        high=Decimal(100),
        variance_share=None if name == "total" else ONE,
        full=Decimal("0.666667"),
        near_full=ONE,
        top=ONE,
        lowest=NOTHING,
        bottom=NOTHING,
        tenth=Decimal(99),
        median=Decimal(100),
        ninetieth=Decimal(100),
        verdict=Because(key, (*own, *details)),
    )
