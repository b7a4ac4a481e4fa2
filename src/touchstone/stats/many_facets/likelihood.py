"""The likelihood of rating forms, with the ratees' abilities integrated out."""

from dataclasses import dataclass, field

import numpy as np

from touchstone.stats.item_response.answers import Whole
from touchstone.stats.item_response.newton import Evaluation
from touchstone.stats.item_response.scales import Floats, largest_step
from touchstone.stats.many_facets.forms import Forms
from touchstone.stats.many_facets.kernels import Layout, Point, add_ratees
from touchstone.stats.rating_networks import connected_subsets

# Steps between abilities, in deviations of a posterior; see `marginal.STEP`.
STEP = 0.8
REACH = 8.0
MOST_NODES = 151
# As many parts as keep their sums within this many numbers; never depends on the machine.
MOST_PARTS, MOST_NUMBERS = 4, 20_000_000


@dataclass(frozen=True, slots=True)
class Places:
    """Where parameters stand: severities of J raters, difficulties of I items, inner steps.

    `inner`: [S, K], −1 where a category has no step. `linked`: [C, J] which raters rate items in
    common, directly or by others; severities of each such set sum to 0, as items take up the rest.
    """

    raters: int
    items: int
    inner: Whole
    linked: Floats

    @property
    def size(self) -> int:
        """Give the number of parameters, the abilities' deviation the last of them."""
        return self.raters + self.items + int((self.inner >= 0).sum()) + 1


def places_of(forms: Forms) -> Places:
    """Lay out the parameters of forms."""
    raters, items = len(forms.severities), len(forms.difficulties)
    inner = np.full((len(forms.used), int(forms.categories.max()) + 1), -1)
    place = raters + items
    for which, scale in enumerate(forms.used):
        for category in scale.inner:
            inner[which, category] = place
            place += 1
    present = np.flatnonzero(forms.difficulties)
    numbered = np.searchsorted(present, forms.items)
    firsts = np.flatnonzero(forms.severities)
    sets = connected_subsets(np.searchsorted(firsts, forms.raters), numbered)
    linked = np.zeros((int(sets.max()) + 1, raters))
    linked[sets[numbered], forms.raters] = 1
    return Places(raters, items, inner, linked)


@dataclass(slots=True)
class FacetLikelihood:
    """The log likelihood of forms, for `newton.maximise`, with ratees normal with mean 0.

    `precision`: 1/variance of raters' severities when they are random, 0 when they are fixed.
    `posterior`: [2, D] mean and deviation of each ratee at the last evaluation. The value is
    lessened where linked severities do not sum to 0, which leaves its maximum as it is.
    """

    forms: Forms
    places: Places
    precision: float = 0.0
    posterior: Floats = field(init=False)

    def __post_init__(self) -> None:
        """Begin with the same nodes for all."""
        ratees = len(self.forms.starts) - 1
        self.posterior = np.vstack([np.zeros(ratees), np.ones(ratees)])

    def layout(self) -> Layout:
        """Give the ratings as the kernels read them."""
        forms = self.forms
        return Layout(
            forms.starts,
            forms.raters,
            forms.items,
            forms.scales,
            forms.categories,
            self.places.inner,
            self.places.raters,
        )

    def point(self, parameters: Floats) -> Point:
        """Give parameters as the kernels read them, with nodes fine enough for all posteriors."""
        places = self.places
        used = np.zeros(places.inner.shape, bool)
        for which, scale in enumerate(self.forms.used):
            used[which, list(scale.used)] = True
        steps = np.where(used & (places.inner >= 0), parameters[places.inner], 0.0)
        weights = np.where(used, np.exp(steps), 0.0)
        finest = largest_step([np.trim_zeros(one) for one in weights])
        step = min(STEP, finest / float(self.posterior[1].max()))
        nodes = min(int(np.ceil(REACH / step)), MOST_NODES // 2)
        step = max(step, REACH / nodes)
        return Point(
            parameters[: places.raters].copy(),
            parameters[places.raters : places.raters + places.items].copy(),
            weights,
            steps,
            float(np.exp(parameters[-1])),
            np.arange(-nodes, nodes + 1.0) * step,
            step,
        )

    def __call__(self, parameters: Floats) -> Evaluation:
        """Evaluate at severities, difficulties, steps, and the log of the abilities' deviation."""
        value, gradient, upper = add_ratees(
            self.layout(), self.point(parameters), self.posterior, self._bounds(), self._slots()
        )
        information = upper + np.triu(upper, 1).T
        raters = self.places.raters
        severities = parameters[:raters]
        absent = np.ones(len(parameters), bool)
        absent[:raters], absent[raters : raters + self.places.items] = (
            self.forms.severities,
            self.forms.difficulties,
        )
        information[np.flatnonzero(~absent), np.flatnonzero(~absent)] += 1
        if self.precision:
            value -= self.precision * float(severities @ severities) / 2
            gradient[:raters] -= self.precision * severities
            information[np.arange(raters), np.arange(raters)] += self.precision
        else:
            linked = self.places.linked
            value -= float(((linked @ severities) ** 2).sum()) / 2
            gradient[:raters] -= linked.T @ (linked @ severities)
            information[:raters, :raters] += linked.T @ linked
        return Evaluation(float(value), gradient, information)

    def without_constraints(self, covariance: Floats) -> Floats:
        """Take what the constraints added off a covariance: exactly d·d'/J² for each set."""
        if self.precision:
            return covariance
        raters, forms = self.places.raters, self.forms
        found = covariance.copy()
        for members in self.places.linked:
            direction = np.zeros(len(covariance))
            direction[:raters] = members
            direction[raters + np.unique(forms.items[members[forms.raters] > 0])] = -1
            found -= np.outer(direction, direction) / members.sum() ** 2
        return found

    def _bounds(self) -> Whole:
        """Cut the ratees into parts of about equally many ratings."""
        size = self.places.size
        parts = max(1, min(MOST_PARTS, MOST_NUMBERS // size**2))
        shares = np.linspace(0, len(self.forms.raters), parts + 1)[1:-1]
        cuts = np.searchsorted(self.forms.starts, shares)
        return np.concatenate([[0], cuts, [len(self.forms.starts) - 1]]).astype(np.int64)

    def _slots(self) -> int:
        """Give at least the most parameters that ratings of one ratee have to do with."""
        longest = int(np.diff(self.forms.starts).max())
        steps = (self.places.inner >= 0).sum(axis=1)
        scales = min(longest, len(steps))
        return min(2 * longest + scales * int(steps.max()) + 1, self.places.size)
