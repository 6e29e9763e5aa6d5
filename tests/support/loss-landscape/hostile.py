"""Writes HDF5 files into the folder given: what nobody should write, made by h5py itself."""

import os
import sys

import h5py
import numpy as np

folder = sys.argv[1]


def file(name, **options):
    f = h5py.File(os.path.join(folder, name), "w", **options)
    f["xcoordinates"] = np.linspace(-1, 1, 5)
    f["train_loss"] = np.arange(5.0)
    return f


with file("soft-link.h5") as f:
    f["train_acc"] = h5py.SoftLink("/train_loss")
with file("dangling-link.h5") as f:
    f["train_acc"] = h5py.SoftLink("/nothing")
with file("link-to-itself.h5") as f:
    f["train_acc"] = h5py.SoftLink("/train_acc")
with file("external-link.h5") as f:
    f["train_acc"] = h5py.ExternalLink("/etc/hostname", "/x")
with file("external-link-to-this.h5") as f:
    f["train_acc"] = h5py.ExternalLink("/file.h5", "/train_loss")
for name, target in [("external-storage", "/etc/passwd"), ("external-storage-itself", "external-storage-itself.h5"), ("external-storage-stdin", "/dev/stdin"), ("external-storage-random", "/dev/urandom"), ("external-storage-descriptor", "/proc/self/fd/0")]:
    with file(name + ".h5") as f:
        f.create_dataset("train_acc", (5,), "f8", external=[(target, 0, h5py.h5f.UNLIMITED)])
with file("virtual.h5", libver="latest") as f:
    layout = h5py.VirtualLayout((5,), "f8")
    layout[:] = h5py.VirtualSource("other.h5", "x", (5,))
    f.create_virtual_dataset("train_acc", layout)
with file("claims-2-to-40.h5") as f:
    f.create_dataset("train_acc", (2**40,), "f8", chunks=(1024,))
with file("claims-2-to-63.h5") as f:
    f.create_dataset("train_acc", (2**31, 2**31), "u1", chunks=(16, 16))
with file("claims-overflow.h5") as f:
    f.create_dataset("train_acc", (2**40, 2**23), "u1", chunks=(16, 16))
with file("bomb.h5") as f:
    f.create_dataset("train_acc", data=np.zeros(2**24, "u4"), chunks=(2**20,), scaleoffset=0, compression="gzip")
with file("bomb-of-many.h5") as f:
    for i in range(40):
        f.create_dataset(f"a{i}", (2**17,), "f8", chunks=(2**17,), fillvalue=1.0)
with file("bomb-of-one-array.h5") as f:
    f["big"] = np.zeros(2**15)
    for i in range(2000):
        f[f"again{i}"] = f["big"]
with file("bomb-of-texts.h5") as f:
    f.create_dataset("texts", (20_000,), h5py.string_dtype())
with file("deep.h5") as f:
    g = f
    for i in range(40):
        g = g.create_group("g")
with file("in-itself.h5") as f:
    g = f.create_group("g")
    g["g"] = g
with file("in-itself-twice.h5") as f:
    g = f.create_group("g")
    g["one"] = g
    g["two"] = g
with file("many-objects.h5", libver="latest") as f:
    g = f.create_group("g")
    for i in range(300):
        g.attrs[f"a{i}"] = i
    for i in range(400):
        f[f"g{i}"] = g
with file("unknown-filter.h5") as f:
    f.create_dataset("train_acc", data=np.arange(5.0), chunks=(5,), compression="lzf")
