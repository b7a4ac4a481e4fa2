"""Values of units over time, where their register holds several periods side by side."""

from decimal import Decimal

from touchstone.content.datasets import Dataset
from touchstone.tallies.tables import Snapshot

Points = tuple[tuple[str, Decimal | None], ...]


def histories_of(snapshot: Snapshot, dataset: Dataset) -> dict[str, Points]:
    """Give each unit its points, period and value, by its identifier.

    Only for evidence with one row a unit; of several rows none is the unit's value.
    """
    if not dataset.history or snapshot.key != (dataset.unit,):
        return {}
    units = snapshot.rows.column(dataset.unit).to_pylist()
    columns = [
        (point.period, point.column, snapshot.rows.column(point.column).to_pylist())
        for point in dataset.history
    ]
    return {
        unit: tuple(
            (period, None if values[at] is None else snapshot.decimal(name, values[at]))
            for period, name, values in columns
        )
        for at, unit in enumerate(units)
    }
