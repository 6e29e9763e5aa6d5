"""Draws the newest slice of this run again, with NumPy alone. Another one: python3 draw.py results/NAME.npz"""
import pathlib, struct, sys, zlib, numpy as np
run = pathlib.Path(__file__).resolve().parent
files = sys.argv[1:] or sorted(run.glob("results/slice-*.npz"), key=lambda file: file.stat().st_mtime)
loss = np.load(files[-1])["loss"] if files else sys.exit("No plane yet: compute one with saddlescope slice.")
plane = np.atleast_2d(loss if loss.ndim < 3 else loss[len(loss) // 2])[::-1]; decades = np.log10(np.where(np.isfinite(plane) & (plane > 0), plane, np.nan))  # β upwards, of a volume the middle; NaN where nothing was computed
colours = np.frombuffer(bytes.fromhex("44015446327e365c8d277f8e1fa1874ac16da0da39fde725"), "u1").reshape(8, 3)  # viridis
rgb = [np.interp(decades, np.linspace(np.nanmin(decades), np.nanmax(decades), 8), channel) for channel in colours.T]
rows = np.pad(np.nan_to_num(rgb, nan=196).repeat(8, 1).repeat(8, 2).astype("u1").transpose(1, 2, 0).reshape(8 * len(plane), -1), ((0, 0), (1, 0)))
chunks = {b"IHDR": struct.pack(">2I5B", rows.shape[1] // 3, len(rows), 8, 2, 0, 0, 0), b"IDAT": zlib.compress(rows.tobytes()), b"IEND": b""}
(run / "plane.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks.items()))
