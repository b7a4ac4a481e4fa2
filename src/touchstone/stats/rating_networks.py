"""Who can be compared with whom: the connected subsets of a table of ratings."""

import numpy as np
import numpy.typing as npt
from scipy import sparse

Codes = npt.NDArray[np.integer]


def connected_subsets(raters: Codes, ratees: Codes) -> npt.NDArray[np.int64]:
    """Give each ratee the number of its subset; subsets share no rater and no ratee.

    `raters`, `ratees`: [n] codes from 0 of each rating; every code occurs. Only within a subset
    does a chain of common raters link two ratees, so that severity can be told from merit (Linacre
    and Wright 2002, "Understanding Rasch measurement: construction of measures from many-facet
    data"). Subsets are numbered from 0, by their first ratee.

    >>> connected_subsets(np.array([0, 0, 1, 2]), np.array([0, 1, 1, 2])).tolist()
    [0, 0, 1]
    """
    first_ratee = int(raters.max()) + 1
    nodes = first_ratee + int(ratees.max()) + 1
    links = sparse.coo_array(
        (np.ones(len(raters), np.int8), (raters, ratees + first_ratee)), shape=(nodes, nodes)
    )
    _, found = sparse.csgraph.connected_components(links, directed=False)
    of_ratees = found[first_ratee:]
    _, first, places = np.unique(of_ratees, return_index=True, return_inverse=True)
    order = np.argsort(np.argsort(first))
    return order[places].astype(np.int64)
