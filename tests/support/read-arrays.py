"""Prints arrays as NumPy and Python's own XML reader find them, as JSON; numbers as the hexadecimal bits of a double.

A .npz: {name: {shape, type, bits}}. A VTK XML file (.vtp, .vti, .vts): attributes of its elements and its arrays likewise.
"""
import base64
import json
import struct
import sys
import xml.etree.ElementTree as tree

import numpy as np


def told(array):
    array = np.asarray(array)
    bits = np.ascontiguousarray(array, dtype="<f8").tobytes().hex()
    return {"shape": list(array.shape), "type": array.dtype.name, "bits": [bits[i:i + 16] for i in range(0, len(bits), 16)]}


types = {"Float64": "<f8", "Float32": "f8", "UInt8": "u1", "Int64": "<i8"}


def vtk_array(element):
    kind, text = element.get("type"), (element.text or "").strip()
    if element.get("format") == "binary":
        raw = base64.b64decode(text, validate=True)
        size, = struct.unpack("<I", raw[:4])
        assert size == len(raw) - 4, (size, len(raw))
        data = np.frombuffer(raw[4:], dtype=types[kind])
    else:
        data = np.array(text.split(), dtype=types[kind])
    return {**told(data.reshape(-1, int(element.get("NumberOfComponents", "1")))), "attributes": element.attrib}


def vtk(file):
    root = tree.parse(file).getroot()
    elements = [[e.tag, e.attrib] for e in root.iter() if e.tag not in ("DataArray", "Array")]
    arrays = {}
    for parent in root.iter():
        for element in parent.findall("DataArray"):
            arrays[f"{parent.tag}/{element.get('Name')}"] = vtk_array(element)
    texts = {e.get("Name"): bytes(map(int, e.text.split()[:-1])).decode() for e in root.iter("Array")}
    return {"elements": elements, "arrays": arrays, "texts": texts}


out = []
for file in sys.argv[1:]:
    if file.endswith(".npz"):
        loaded = np.load(file, allow_pickle=False)
        out.append({name: told(loaded[name]) for name in loaded.files})
    else:
        out.append(vtk(file))
print(json.dumps(out))
