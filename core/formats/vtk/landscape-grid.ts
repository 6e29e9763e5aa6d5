import type { LandscapeFile } from '../landscape-file.ts';
import { maskKey, type QuantityOnGrid } from '../slice-npz.ts';
import { structuredGridXml } from './structured-grid.ts';
import { type HeightOptions, heightsOf } from './surface-points.ts';

/**
 * A landscape as a structured grid (`.vts`): a plane as the surface of a quantity, a line as its curve (α, height), a volume
 * as points in space. Points without a value, and those of a surface without a height, are hidden; a hidden point of a
 * surface lies at the lowest height.
 */
export function landscapeGridXml(
  file: LandscapeFile,
  quantity: QuantityOnGrid,
  options: HeightOptions = {},
  texts: Readonly<Record<string, string>> = {},
): string {
  const axes = file.axes.map(({ coordinates }) => coordinates);
  const [columns, rows, layers] = [0, 1, 2].map((k) => axes[k]?.length ?? 1) as [number, number, number];
  const count = columns * rows * layers;
  const heights = axes.length === 3 ? null : heightsOf(quantity, options);
  const lowest = heights?.reduce((low, height) => (height < low ? height : low), Number.POSITIVE_INFINITY) ?? 0;
  const points = new Float64Array(3 * count);
  const hidden = new Uint8Array(count);
  for (let point = 0; point < count; point++) {
    const place = [point % columns, Math.floor(point / columns) % rows, Math.floor(point / (columns * rows))];
    const at = axes.map((coordinates, k) => coordinates[place[k]!]!);
    const height = heights?.[point] ?? 0;
    if (heights) at.push(Number.isNaN(height) ? (Number.isFinite(lowest) ? lowest : 0) : height);
    points.set(at, 3 * point);
    hidden[point] = quantity.computed[point] !== 1 || Number.isNaN(height) ? 1 : 0;
  }
  const others = file.fields.filter(({ quantity: name }) => name !== quantity.quantity);
  const fields = [quantity, ...others];
  const pointData = fields.flatMap(({ quantity: name, values, computed, uncertainty }, k) => {
    const mask = maskKey(fields, k);
    return [
      { name, values },
      ...(mask === null ? [] : [{ name: mask, values: Float64Array.from(computed) }]),
      ...(uncertainty ? [{ name: `${name}_uncertainty`, values: uncertainty }] : []),
    ];
  });
  return structuredGridXml({ columns, rows, layers, points, pointData, hidden, texts });
}
