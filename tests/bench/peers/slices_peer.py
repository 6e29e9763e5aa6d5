"""A peer's loop over the points of a plane as a contestant: one request a line, one line of JSON back.

    slices_peer.py jax-affine|jax|torch|loss-landscapes FOLDER THREADS

Requests: {"ask": "slice", "network": N, "grid": n} answers {"milliseconds", "losses": [...]} with the losses row by row
(the first direction fastest), null where the directions are the program's own; {"ask": "sliceTruth", ...} the same in
float64 (torch). Networks mlp-784-64-10 (1,000 digits) and cnn (256).
"""
import json
import os
import sys
import time

library, folder, threads = sys.argv[1:4]
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = threads
os.environ["JAX_PLATFORMS"] = "cpu"

import warnings

import numpy as np
from safetensors.numpy import load_file

warnings.filterwarnings("ignore")
tensors = {
    "mlp-784-64-10": ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"],
    "cnn": ["conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "fc.weight", "fc.bias"],
}
examples = {"mlp-784-64-10": 1000, "cnn": 256}


def weights(network):
    stored = load_file(f"{folder}/{network}.safetensors")
    return [stored[name].astype(np.float64) for name in tensors[network]]


def digits(network):
    stored = np.load(f"{folder}/digits-1000.npz")
    n = examples[network]
    return stored["x"][:n].reshape(n, 784).astype(np.float64), stored["y"][:n].astype(np.int64)


def directions(network, p):
    """Those of slice.npz, or two equidistributed sequences, filter by filter of the weights' norm and without biases."""
    sizes = np.cumsum([a.size for a in p])
    if network != "cnn":
        plane = np.load(f"{folder}/slice.npz")
        flat = [plane[key].astype(np.float64) for key in ("d1", "d2")]
        return [[part.reshape(a.shape) for part, a in zip(np.split(d, sizes[:-1]), p)] for d in flat]
    found = []
    for irrational in (np.sqrt(2), np.sqrt(3)):
        d = 2 * (np.arange(1, sizes[-1] + 1) * irrational % 1) - 1
        parts = [part.reshape(a.shape) for part, a in zip(np.split(d, sizes[:-1]), p)]
        for part, a in zip(parts, p):
            rows, own = part.reshape(len(a), -1), a.reshape(len(a), -1)
            rows *= np.linalg.norm(own, axis=1, keepdims=True) / np.linalg.norm(rows, axis=1, keepdims=True) * (a.ndim > 1)
        found.append(parts)
    return found


def points(grid):
    along = np.linspace(-1, 1, grid)
    return np.stack([a.ravel() for a in np.meshgrid(along, along)], 1)


class Jax:
    """Jitted, one point after another as `lax.map` has it."""

    def __init__(self, affine):
        import jax
        import jax.numpy as jnp

        self.jax, self.jnp, self.affine = jax, jnp, affine
        self.version = f"JAX {jax.__version__}{', first layer affine' if affine else ''}"

    def first(self, network, x, w):
        if network != "cnn":
            return x @ w.T
        return self.convolved(x.reshape(-1, 1, 28, 28), w)

    def convolved(self, h, w):
        layout = ("NCHW", "OIHW", "NCHW")
        return self.jax.lax.conv_general_dilated(h, w, (1, 1), "VALID", dimension_numbers=layout)

    def pooled(self, h):
        h = self.jax.nn.relu(h)
        n, c, height, width = h.shape
        even = h[:, :, : height // 2 * 2, : width // 2 * 2]
        return even.reshape(n, c, height // 2, 2, width // 2, 2).max((3, 5))

    def loss(self, network, z, p, y):
        """From the values z of the first layer without its bias."""
        jax, jnp = self.jax, self.jnp
        if network != "cnn":
            z = jnp.tanh(z + p[1]) @ p[2].T + p[3]
        else:
            h = self.pooled(z + p[1][None, :, None, None])
            h = self.pooled(self.convolved(h, p[2]) + p[3][None, :, None, None])
            z = h.reshape(h.shape[0], -1) @ p[4].T + p[5]
        return jnp.mean(jax.nn.logsumexp(z, axis=1) - jnp.take_along_axis(z, y[:, None], 1)[:, 0])

    def slice(self, network, p, d, e, x, y):
        jax, jnp = self.jax, self.jnp
        p, d, e = ([jnp.asarray(a, jnp.float32) for a in v] for v in (p, d, e))
        x, y = jnp.asarray(x, jnp.float32), jnp.asarray(y, jnp.int32)

        def losses(p, d, e, c, x, y):
            u = [self.first(network, x, v[0]) for v in (p, d, e)] if self.affine else None

            def at(c):
                q = [a + c[0] * b + c[1] * f for a, b, f in zip(p, d, e)]
                z = u[0] + c[0] * u[1] + c[1] * u[2] if self.affine else self.first(network, x, q[0])
                return self.loss(network, z, q, y)

            return jax.lax.map(at, c)

        compiled = jax.jit(losses)

        def run(grid):
            c = jnp.asarray(points(grid), jnp.float32)
            return np.asarray(compiled(p, d, e, c, x, y))

        return run


class Torch:
    """A loop that sets the weights and runs the model, as one writes it; or loss-landscapes' own."""

    def __init__(self, own_loop):
        import torch

        torch.set_num_threads(int(threads))
        self.torch, self.own_loop = torch, own_loop
        self.version = f"PyTorch {torch.__version__}"
        if not own_loop:
            import loss_landscapes
            import loss_landscapes.metrics
            from importlib.metadata import version

            self.landscapes = loss_landscapes
            self.version = f"loss-landscapes {version('loss-landscapes')}"

    def model(self, network, p, dtype):
        nn = self.torch.nn
        if network != "cnn":
            model = nn.Sequential(nn.Linear(784, 64), nn.Tanh(), nn.Linear(64, 10))
        else:
            convolutions = [nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3), nn.ReLU(), nn.MaxPool2d(2)]
            model = nn.Sequential(nn.Unflatten(1, (1, 28, 28)), *convolutions, nn.Flatten(), nn.Linear(400, 10))
        model = model.to(dtype)
        with self.torch.no_grad():
            for q, a in zip(model.parameters(), p):
                q.copy_(self.torch.from_numpy(a))
        return model

    def slice(self, network, p, d, e, x, y, dtype=None):
        torch = self.torch
        dtype = dtype or torch.float32
        model = self.model(network, p, dtype)
        x, y = torch.from_numpy(x).to(dtype), torch.from_numpy(y)
        criterion = torch.nn.CrossEntropyLoss()
        if not self.own_loop:
            metric = self.landscapes.metrics.Loss(criterion, x, y)

            def own(grid):
                options = dict(distance=1, steps=grid, normalization="filter", deepcopy_model=True)
                self.landscapes.random_plane(model, metric, **options)

            return own
        p, d, e = ([torch.from_numpy(a).to(dtype) for a in v] for v in (p, d, e))
        parameters = list(model.parameters())

        @torch.no_grad()
        def run(grid):
            found = []
            for a, b in points(grid):
                for q, w, f, g in zip(parameters, p, d, e):
                    torch.add(torch.add(w, f, alpha=a), g, alpha=b, out=q.data)
                found.append(criterion(model(x), y).item())
            return found

        return run


peer = Jax(library == "jax-affine") if library.startswith("jax") else Torch(library == "torch")
prepared = {}


def work(network, **options):
    key = (network, *options)
    if key not in prepared:
        p = weights(network)
        prepared[key] = peer.slice(network, p, *directions(network, p), *digits(network), **options)
    return prepared[key]


def answer(request):
    network, grid = request["network"], request["grid"]
    if request["ask"] == "sliceTruth":
        return {"losses": work(network, dtype=peer.torch.float64)(grid)}
    run = work(network)
    began = time.perf_counter()
    losses = run(grid)
    taken = 1000 * (time.perf_counter() - began)
    return {"milliseconds": taken, "losses": None if losses is None else [float(loss) for loss in losses]}


print(json.dumps({"name": peer.version, "precision": "float32"}), flush=True)
for line in sys.stdin:
    try:
        reply = answer(json.loads(line))
    except Exception as problem:
        reply = {"problem": f"{type(problem).__name__}: {problem}"[:400]}
    print(json.dumps(reply), flush=True)
