"""Ridge regression by its texts: one inverse, from which all leave-out predictions follow."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import linalg, sparse

from commsense.tagging.base import Floats

Doubles = npt.NDArray[np.float64]


def inverted_system(
    vectors: sparse.csr_matrix, penalty: float, weights: Floats | Doubles
) -> Doubles:
    """Return ``inverse(X @ X.T + penalty / weights)``, shape (texts, texts).

    Parameters
    ----------
    vectors : sparse matrix, shape (texts, features)
        As :meth:`commsense.tagging.LinearTagger.vectors` gives them.
    penalty : float
        On the squared weights of the features.
    weights : array, shape (texts,)
        How much each text counts.
    """
    system: Doubles = (vectors @ vectors.T).toarray().astype(np.float64)
    system[np.diag_indices_from(system)] += penalty / weights
    inverse: Doubles = linalg.inv(system, overwrite_a=True, check_finite=False)
    return inverse
