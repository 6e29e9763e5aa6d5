"""PyHessian or hessian-eigenthings as a contestant: answers one request a line with one line of JSON, until its input ends.

    spectra_peer.py pyhessian|eigenthings FOLDER THREADS

Request: {"ask": "spectrum", "work": "top10"|"density", "seed": k}; the MLP on 1,000 digits, cross-entropy, float32. The
settings are those with which each gets the ten largest eigenvalues to 1e-3 on the seeds 0 to 4. PyHessian's release 0.1
calls torch.eig, which is gone, for densities: they need its repository's head.
"""
import json
import os
import sys
import time

library, folder, threads = sys.argv[1:4]
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = threads

import warnings

import numpy as np
import torch
from safetensors.numpy import load_file

warnings.filterwarnings("ignore")
torch.set_num_threads(int(threads))
with open(f"{folder}/truth.json") as file:
    truth = np.array(json.load(file)["mlp-784-64-10 on digits-1000"]["top"])


def network():
    stored = load_file(f"{folder}/mlp-784-64-10.safetensors")
    model = torch.nn.Sequential(torch.nn.Linear(784, 64), torch.nn.Tanh(), torch.nn.Linear(64, 10))
    with torch.no_grad():
        for parameter, name in zip(model.parameters(), ("fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias")):
            parameter.copy_(torch.from_numpy(stored[name]))
    return model


digits = np.load(f"{folder}/digits-1000.npz")
x = torch.from_numpy(digits["x"].reshape(1000, 784).astype(np.float32))
y = torch.from_numpy(digits["y"].astype(np.int64))
products = [0]


def counted(function):
    def call(*arguments):
        products[0] += 1
        return function(*arguments)

    return call


class PyHessian:
    def __init__(self):
        import pyhessian

        inner = sys.modules["pyhessian.hessian"]
        inner.hessian_vector_product = counted(inner.hessian_vector_product)
        self.hessian = pyhessian.hessian
        self.version = "PyHessian"

    def made(self):
        return self.hessian(network(), torch.nn.CrossEntropyLoss(), data=(x, y), cuda=False)

    def top10(self, seed):
        torch.manual_seed(seed)
        return self.made().eigenvalues(maxIter=1000, tol=1e-4, top_n=10)[0]

    def density(self, seed):
        torch.manual_seed(seed)
        nodes, _ = self.made().density(iter=100, n_v=1)
        return max(float(np.real(node)) for node in nodes[0])


class Eigenthings:
    def __init__(self):
        import importlib.metadata

        from hessian_eigenthings import HessianOperator, lanczos, spectral_density, supervised_loss

        self.operator = HessianOperator(network(), [(x, y)], supervised_loss(torch.nn.functional.cross_entropy))
        self.operator.matvec = counted(self.operator.matvec)
        self.lanczos, self.spectral_density = lanczos, spectral_density
        self.version = f"hessian-eigenthings {importlib.metadata.version('hessian-eigenthings')}"

    def top10(self, seed):
        return self.lanczos(self.operator, k=10, max_iter=30, seed=seed).eigenvalues.tolist()

    def density(self, seed):
        found = self.spectral_density(self.operator, num_runs=1, lanczos_steps=100, seed=seed)
        return float(found.raw_eigenvalues.max())


peer = PyHessian() if library == "pyhessian" else Eigenthings()


def answer(request):
    products[0] = 0
    began = time.perf_counter()
    found = getattr(peer, request["work"])(request["seed"])
    milliseconds = 1000 * (time.perf_counter() - began)
    if request["work"] == "top10":
        error = float(np.max(np.abs(np.sort(np.asarray(found, float))[::-1] - truth) / truth))
    else:
        error = abs(found - truth[0]) / truth[0]
    return {"milliseconds": milliseconds, "products": products[0], "error": error}


print(json.dumps({"name": peer.version, "precision": "float32"}), flush=True)
for line in sys.stdin:
    try:
        reply = answer(json.loads(line))
    except Exception as problem:
        reply = {"problem": f"{type(problem).__name__}: {problem}"[:400]}
    print(json.dumps(reply), flush=True)
