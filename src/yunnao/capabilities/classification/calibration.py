"""From margins to probabilities: one rising curve, fitted to what cross-validation got right and wrong."""

import numpy as np
from numpy.typing import NDArray

_LEAST_SLOPE = 0.01
_STEPS = 50
_DAMPING = 1e-3


def fit_sigmoid(margin: NDArray[np.float32], right: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and offset of ``1 / (1 + exp(-(slope m + offset)))`` by maximum likelihood (J. Platt, 1999: with his smoothed targets).

    The slope is never below a small positive number: more margin is never less confidence.
    """
    hits = int(right.sum())
    high, low = (hits + 1) / (hits + 2), 1 / (len(right) - hits + 2)
    target = np.where(right, high, low)
    design = np.stack([margin.astype(np.float64), np.ones(len(margin))], axis=1)
    found = np.zeros(2)
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(design @ found, -30, 30)))
        slack = chance * (1 - chance)
        gradient = design.T @ (target - chance) - _DAMPING * found
        curvature = (design * slack[:, None]).T @ design + _DAMPING * np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        found += np.clip(step, -5, 5)
        if float(np.abs(step).max()) < 1e-9:
            break
    return max(float(found[0]), _LEAST_SLOPE), float(found[1])
