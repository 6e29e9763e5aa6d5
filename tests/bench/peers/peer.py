"""JAX or PyTorch as a contestant: answers one request a line with one line of JSON, until its input ends.

    peer.py jax|torch FOLDER THREADS float32|float64

FOLDER holds the networks, digits and float64 truths of tests/goldens/peers. Requests: {"ask": "errors"},
{"ask": "compile", "network": N}, {"ask": "time", "network": N, "work": W, "times": k}; networks mlp-784-64-10 (1,000
digits) and cnn (256); work hessian, gaussNewton, gradient, linearize, slice.
"""
import json
import os
import sys
import time

library, folder, threads, precision = sys.argv[1:5]
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = threads
os.environ["JAX_PLATFORMS"] = "cpu"

import numpy as np
from safetensors.numpy import load_file

tensors = {
    "mlp-784-64-10": ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"],
    "cnn": ["conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "fc.weight", "fc.bias"],
}
examples = {"mlp-784-64-10": 1000, "cnn": 256}
short = {"mlp-784-64-10": "mlp", "cnn": "cnn"}
grid = 51
dtype = np.dtype(precision)
products = np.load(f"{folder}/products.npz")
plane = np.load(f"{folder}/slice.npz")


def weights(network):
    stored = load_file(f"{folder}/{network}.safetensors")
    return [stored[name].astype(dtype) for name in tensors[network]]


def digits(network):
    stored = np.load(f"{folder}/digits-1000.npz")
    n = examples[network]
    return stored["x"][:n].reshape(n, 784).astype(dtype), stored["y"][:n].astype(np.int32)


def cut(flat, like):
    """A flat vector as arrays of the shapes of `like`, one after another."""
    ends = np.cumsum([int(np.prod(a.shape)) for a in like])
    return [part.reshape(a.shape) for part, a in zip(np.split(flat, ends[:-1]), like)]


def relative_error(found, wanted):
    found = np.concatenate([np.asarray(part, np.float64).ravel() for part in found])
    return float(np.linalg.norm(found - wanted.ravel()) / np.linalg.norm(wanted))


class Jax:
    """Everything jitted; products reuse one linearisation, whose residuals are arguments and not constants."""

    def __init__(self):
        import jax
        import jax.numpy as jnp

        jax.config.update("jax_enable_x64", precision == "float64")
        self.jax, self.jnp = jax, jnp
        self.version = f"JAX {jax.__version__}"

    def logits(self, network, p, x):
        jax, jnp = self.jax, self.jnp
        if network != "cnn":
            return jnp.tanh(x @ p[0].T + p[1]) @ p[2].T + p[3]
        h = x.reshape(-1, 1, 28, 28)
        for w, b in ((p[0], p[1]), (p[2], p[3])):
            h = jax.lax.conv_general_dilated(h, w, (1, 1), "VALID", dimension_numbers=("NCHW", "OIHW", "NCHW"))
            h = jax.nn.relu(h + b[None, :, None, None])
            n, c, height, width = h.shape
            even = h[:, :, : height // 2 * 2, : width // 2 * 2]
            h = even.reshape(n, c, height // 2, 2, width // 2, 2).max((3, 5))
        return h.reshape(h.shape[0], -1) @ p[4].T + p[5]

    def cross_entropy(self, z, y):
        jax, jnp = self.jax, self.jnp
        return jnp.mean(jax.nn.logsumexp(z, axis=1) - jnp.take_along_axis(z, y[:, None], 1)[:, 0])

    def prepare(self, network):
        """Fresh functions, so that each call compiles anew."""
        jax, jnp = self.jax, self.jnp
        p = [jnp.asarray(a) for a in weights(network)]
        x, y = (jnp.asarray(a) for a in digits(network))
        v = [jnp.asarray(a) for a in cut(products[f"{short[network]}_v"].astype(dtype), p)]
        gradient = jax.grad(lambda p, x, y: self.cross_entropy(self.logits(network, p, x), y))
        linearize = jax.jit(lambda p, x, y: jax.linearize(lambda q: gradient(q, x, y), p)[1])
        apply = jax.jit(lambda linear, v: linear(v))

        def outputs(p, x):
            model = lambda q: self.logits(network, q, x)
            z, push = jax.linearize(model, p)
            return jax.nn.softmax(z), push, jax.vjp(model, p)[1]

        def curved(s, push, pull, v):
            u = push(v)
            return pull((s * u - s * (s * u).sum(1, keepdims=True)) / len(s))[0]

        at_outputs, curve = jax.jit(outputs), jax.jit(curved)
        plain = jax.jit(gradient)
        state = {}

        def linearized():
            state["linear"] = jax.block_until_ready(linearize(p, x, y))

        def gauss_newton():
            if "outputs" not in state:
                state["outputs"] = jax.block_until_ready(at_outputs(p, x))
            return jax.block_until_ready(curve(*state["outputs"], v))

        work = {
            "linearize": linearized,
            "hessian": lambda: jax.block_until_ready(apply(state["linear"], v)),
            "gaussNewton": gauss_newton,
            "gradient": lambda: jax.block_until_ready(plain(p, x, y)),
        }
        if network != "cnn":
            work["slice"] = self.slice(network, p, x, y)
        return work

    def slice(self, network, p, x, y):
        """The first layer is affine in the coordinates: its three products are computed once."""
        jax, jnp = self.jax, self.jnp
        d, e = ([jnp.asarray(a) for a in cut(plane[k].astype(dtype), p)] for k in ("d1", "d2"))
        coordinates = plane["coordinates"]
        points = np.stack([a.ravel() for a in np.meshgrid(coordinates, coordinates)], 1)
        points = jnp.asarray(points.astype(dtype))

        def losses(p, d, e, points, x, y):
            u, ud, ue = (x @ q[0].T for q in (p, d, e))

            def loss(c):
                h = jnp.tanh(u + p[1] + c[0] * (ud + d[1]) + c[1] * (ue + e[1]))
                w = p[2] + c[0] * d[2] + c[1] * e[2]
                return self.cross_entropy(h @ w.T + p[3] + c[0] * d[3] + c[1] * e[3], y)

            return jax.lax.map(loss, points)

        compiled = jax.jit(losses)
        return lambda: [jax.block_until_ready(compiled(p, d, e, points, x, y))]


class Torch:
    def __init__(self):
        import warnings

        import torch

        warnings.filterwarnings("ignore")
        torch.set_num_threads(int(threads))
        self.torch = torch
        self.version = f"PyTorch {torch.__version__}"

    def logits(self, network, p, x):
        f = self.torch.nn.functional
        if network != "cnn":
            return f.linear(self.torch.tanh(f.linear(x, p[0], p[1])), p[2], p[3])
        h = x.reshape(-1, 1, 28, 28)
        for w, b in ((p[0], p[1]), (p[2], p[3])):
            h = f.max_pool2d(f.relu(f.conv2d(h, w, b)), 2)
        return f.linear(h.flatten(1), p[4], p[5])

    def prepare(self, network):
        torch = self.torch
        from torch.func import grad, linearize, vjp

        p = tuple(torch.from_numpy(a) for a in weights(network))
        x, y = digits(network)
        x, y = torch.from_numpy(x), torch.from_numpy(y.astype(np.int64))
        v = tuple(torch.from_numpy(a) for a in cut(products[f"{short[network]}_v"].astype(dtype), p))
        model = lambda q: self.logits(network, q, x)
        loss = lambda q: torch.nn.functional.cross_entropy(model(q), y)
        leaves = [a.clone().requires_grad_() for a in p]
        state = {}

        def linearized():
            state["linear"] = linearize(grad(loss), p)[1]

        def gauss_newton():
            if "push" not in state:
                z, state["push"] = linearize(model, p)
                state["softmax"] = torch.softmax(z, 1)
                state["pull"] = vjp(model, p)[1]
            s, u = state["softmax"], state["push"](v)
            return state["pull"]((s * u - s * (s * u).sum(1, keepdim=True)) / len(s))[0]

        return {
            "linearize": linearized,
            "hessian": lambda: [a.detach() for a in state["linear"](v)],
            "gaussNewton": gauss_newton,
            "gradient": lambda: torch.autograd.grad(loss(leaves), leaves),
        }


peer = Jax() if library == "jax" else Torch()
prepared = {}


def milliseconds(work):
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def compile_times(network):
    work = prepared[network] = peer.prepare(network)
    linearise = [milliseconds(work["linearize"])]
    first = [milliseconds(work["hessian"]) for _ in range(8)]
    linearise += [milliseconds(work["linearize"]) for _ in range(3)]
    return {"linearize": linearise, "products": first}


def work_of(network):
    if network not in prepared:
        compile_times(network)
    return prepared[network]


def errors():
    found = {}
    for network, name in short.items():
        work = work_of(network)
        found[f"{network} hessian"] = relative_error(work["hessian"](), products[f"{name}_hessian"])
        found[f"{network} gaussNewton"] = relative_error(work["gaussNewton"](), products[f"{name}_ggn"])
        if "slice" in work:
            found[f"{network} slice"] = relative_error(work["slice"](), plane["loss"])
    return found


def answer(request):
    if request["ask"] == "errors":
        return {"errors": errors()}
    if request["ask"] == "compile":
        return {"compile": compile_times(request["network"])}
    work = work_of(request["network"]).get(request["work"])
    return {"milliseconds": [] if work is None else [milliseconds(work) for _ in range(request["times"])]}


print(json.dumps({"name": peer.version, "precision": precision}), flush=True)
for line in sys.stdin:
    try:
        reply = answer(json.loads(line))
    except Exception as problem:
        reply = {"problem": f"{type(problem).__name__}: {problem}"[:400]}
    print(json.dumps(reply), flush=True)
