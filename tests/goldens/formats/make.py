"""Writes the files of this folder with NumPy, safetensors and gzip themselves, and expected.json with what they hold.

    python -m venv v && v/bin/pip install numpy safetensors ml_dtypes && v/bin/python make.py
"""

import gzip
import io
import json
import math
import struct
from pathlib import Path

import ml_dtypes
import numpy as np
import safetensors
from safetensors.numpy import save

here = Path(__file__).parent
expected = {"versions": {"numpy": np.__version__, "safetensors": safetensors.__version__}, "arrays": {}, "archives": {}}


def number(value):
    value = float(value)
    if math.isnan(value):
        return "nan"
    return value if math.isfinite(value) else ("inf" if value > 0 else "-inf")


def described(array):
    name = {"bool": "bool", "bfloat16": "bfloat16"}.get(array.dtype.name, array.dtype.name)
    return {"dtype": name, "shape": list(array.shape), "data": [number(v) for v in array.reshape(-1)]}


def write(name, data):
    (here / name).write_bytes(data)


def npy(name, array, **options):
    out = io.BytesIO()
    np.lib.format.write_array(out, array, allow_pickle=False, **options)
    write(f"{name}.npy", out.getvalue())
    expected["arrays"][f"{name}.npy"] = described(array)


def values(dtype):
    """Six values that reach the ends of the type (64-bit integers: of what float64 holds exactly)."""
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        return np.array([True, False, True, True, False, False])
    if dtype.kind == "f":
        info = np.finfo(dtype)
        return np.array([info.max, -info.tiny, info.smallest_subnormal, -0.0, np.nan, -np.inf], dtype)
    info = np.iinfo(dtype)
    low, high = max(info.min, -(2**53) + 1), min(info.max, 2**53 - 1)
    return np.array([low, high, 0, 1, high // 3, low // 3], dtype)


codes = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"]
for code in codes:
    array = values(code).reshape(2, 3)
    npy(f"{code}-little", array)
    if np.dtype(code).itemsize > 1:
        npy(f"{code}-big", array.astype(np.dtype(code).newbyteorder(">")))
npy("fortran-2-axes", np.asfortranarray(np.arange(6, dtype="<f4").reshape(2, 3)))
npy("fortran-4-axes", np.asfortranarray(np.arange(2 * 3 * 4 * 5, dtype="<i2").reshape(2, 3, 4, 5)))
npy("fortran-big", np.asfortranarray(np.arange(24, dtype=">f8").reshape(4, 3, 2)))
npy("scalar", np.array(-1.5))
npy("one-axis", np.linspace(-1, 1, 7))
npy("empty", np.zeros((0, 3), "<f4"))
npy("twelve-axes", np.arange(2, dtype="u1").reshape((1,) * 11 + (2,)))
npy("version-2", np.arange(4, dtype="<i4"), version=(2, 0))
npy("version-3", np.arange(4, dtype="<i4"), version=(3, 0))

arrays = {
    "x": np.arange(24, dtype="<f4").reshape(2, 3, 4) / 7,
    "y": np.array([3, 1], "<i8"),
    "räume/θ": np.array([[1.5], [2.5]]),
    "zeros": np.zeros((40, 50), "<f4"),
}


class Unseekable(io.RawIOBase):
    """A stream as a pipe is: the sizes then stand behind the data."""

    def __init__(self):
        self.data = bytearray()

    def writable(self):
        return True

    def seekable(self):
        return False

    def write(self, piece):
        self.data += piece
        return len(piece)


for name, saver in [("stored.npz", np.savez), ("deflated.npz", np.savez_compressed)]:
    out = io.BytesIO()
    saver(out, **arrays)
    write(name, out.getvalue())
    expected["archives"][name] = {key: described(value) for key, value in arrays.items()}
stream = Unseekable()
np.savez_compressed(stream, **arrays)
write("streamed.npz", bytes(stream.data))
expected["archives"]["streamed.npz"] = {key: described(value) for key, value in arrays.items()}

tensors = {f"{code}.values": values(code).reshape(3, 2) for code in codes}
tensors["bf16.values"] = np.array([1.0, -2.5, 3.0e38, 1e-40], ml_dtypes.bfloat16)
tensors["scalar"] = np.array(7.25, "<f4")
tensors["nothing"] = np.zeros((0, 4), "<f4")
tensors['quote "θ"\n'] = np.array([1, 2, 3], "<i2")
write("all-types.safetensors", save(tensors))
expected["archives"]["all-types.safetensors"] = {key: described(value) for key, value in tensors.items()}
one = {"fc1.weight": np.arange(6, dtype="<f4").reshape(3, 2)}
write("metadata.safetensors", save(one, metadata={"format": "pt"}))
expected["archives"]["metadata.safetensors"] = {key: described(value) for key, value in one.items()}
write("nothing.safetensors", save({}))
expected["archives"]["nothing.safetensors"] = {}

for code, kind in [(0x08, ">u1"), (0x09, ">i1"), (0x0B, ">i2"), (0x0C, ">i4"), (0x0D, ">f4"), (0x0E, ">f8")]:
    array = (np.arange(12).reshape(3, 2, 2) * 5).astype(kind)
    data = struct.pack(">BBBB3I", 0, 0, code, 3, *array.shape) + array.tobytes()
    write(f"{kind[1:]}.idx", data)
    write(f"{kind[1:]}.idx.gz", gzip.compress(data, mtime=0))
    expected["arrays"][f"{kind[1:]}.idx"] = described(array)
    expected["arrays"][f"{kind[1:]}.idx.gz"] = described(array)

text = io.StringIO()
table = np.array([[1.5, -2e-300, 0], [np.nan, 1e300, 1], [-np.inf, 0.1, 2]])
np.savetxt(text, table, delimiter=",", header="a,b,label", comments="", fmt="%.17g")
write("savetxt.csv", text.getvalue().encode())
expected["arrays"]["savetxt.csv"] = described(table)

(here / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=True) + "\n")
