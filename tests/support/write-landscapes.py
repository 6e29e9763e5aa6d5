"""Landscape files as other tools write them, of one asymmetric polynomial on small grids, into the folder that is named.

Landscaper 1.3: compute.py steps from the centre by 2 * distance / steps of the norm of the weights, and saves the nominal
coordinates. Its versions before June 2025 took range(negative number) for steps back, which is empty. dnn-mode-connectivity:
index [i][j] at (alphas[i], betas[j]), percentages, coordinates of the curve in parameter length.
"""
import itertools
import json
import sys

import numpy as np

folder = sys.argv[1]


def f(x, y=0.0, z=0.0):
    return x + 10.0 * (y * y) + 100.0 * (x * y) + 1000.0 * z


steps, distance = 5, 0.5
for dim in (2, 3):
    coordinates = [np.linspace(-distance, distance, steps) for _ in range(dim)]
    loss, early = np.zeros((steps,) * dim), np.zeros((steps,) * dim)
    for place in itertools.product(range(steps), repeat=dim):
        from_centre = [i - steps // 2 for i in place]
        loss[place] = f(*[n * 2 * distance / steps for n in from_centre])
        early[place] = f(*[max(n, 0) * 2 * distance / steps for n in from_centre])
    np.savez(f"{folder}/landscaper-{dim}.npz", loss=loss, coordinates=coordinates)
    np.savez(f"{folder}/landscaper-early-{dim}.npz", loss=early, coordinates=coordinates)

dx, dy = 8.0, 3.0
alphas, betas = np.linspace(-0.25, 1.25, 7), np.linspace(-0.5, 1.0, 4)
shape = (len(alphas), len(betas))
nll, grid = np.zeros(shape), np.zeros(shape + (2,))
for i, alpha in enumerate(alphas):
    for j, beta in enumerate(betas):
        nll[i, j] = f(alpha, beta)
        grid[i, j] = [alpha * dx, beta * dy]
ts = np.linspace(0.0, 1.0, 5)
curve = np.stack([np.array([t * dx, 4 * t * (1 - t) * dy]) for t in ts])
err = 50.0 + nll / 1000.0
np.savez(
    f"{folder}/plane.npz",
    ts=ts, bend_coordinates=np.array([[0, 0], [dx / 2, dy], [dx, 0]]), curve_coordinates=curve,
    alphas=alphas, betas=betas, grid=grid,
    tr_loss=nll + 1.0, tr_acc=100.0 - err, tr_nll=nll, tr_err=err,
    te_loss=nll + 2.0, te_acc=100.0 - err, te_nll=nll + 0.5, te_err=err,
)

T = 6
ts = np.linspace(0.0, 1.0, T)
dl = np.concatenate([[0.0], np.arange(1.0, T)])
nll = f(ts)
te = nll + 0.5
te[2] = np.nan
te[3] = np.inf


def stats(name, values):
    mean = np.sum(0.5 * (values[:-1] + values[1:]) * dl[1:]) / np.sum(dl[1:])
    return {f"{name}_min": np.min(values), f"{name}_max": np.max(values), f"{name}_avg": np.mean(values), f"{name}_int": mean}


arrays = dict(ts=ts, dl=dl)
for split, loss in (("tr", nll), ("te", te)):
    error = 10.0 + ts
    arrays.update({f"{split}_loss": loss + 1, f"{split}_nll": loss, f"{split}_acc": 100.0 - error, f"{split}_err": error})
    for kind, values in (("loss", loss + 1), ("nll", loss), ("err", error)):
        arrays.update(stats(f"{split}_{kind}", values))
np.savez(f"{folder}/curve.npz", **arrays)
print(json.dumps("written"))
