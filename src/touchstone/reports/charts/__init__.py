"""Pictures of results: each a specification, one sentence, and the figures behind it."""

from touchstone.reports.charts.area_means import areas
from touchstone.reports.charts.caterpillars import caterpillar
from touchstone.reports.charts.discriminations import differences, scale_use
from touchstone.reports.charts.distributions import distribution
from touchstone.reports.charts.event_studies import event_study
from touchstone.reports.charts.forecast_fans import Ahead, FanTitles, forecast_fan
from touchstone.reports.charts.growth_accounts import growth_parts
from touchstone.reports.charts.histories import history
from touchstone.reports.charts.importance_fields import FieldTitles, importance_performance
from touchstone.reports.charts.looks import Chart
from touchstone.reports.charts.moves import moves
from touchstone.reports.charts.outcome_spans import SpanTitles, outcome_spans
from touchstone.reports.charts.peer_places import peers
from touchstone.reports.charts.waterfalls import waterfall
from touchstone.reports.charts.wave_means import wave_means

__all__ = [
    "Ahead",
    "Chart",
    "FanTitles",
    "FieldTitles",
    "SpanTitles",
    "areas",
    "caterpillar",
    "differences",
    "distribution",
    "event_study",
    "forecast_fan",
    "growth_parts",
    "history",
    "importance_performance",
    "moves",
    "outcome_spans",
    "peers",
    "scale_use",
    "waterfall",
    "wave_means",
]
