import { writeCsv } from './csv.ts';
import type { LandscapeFile } from './landscape-file.ts';
import { maskKey } from './slice-npz.ts';

/**
 * A row a point, first axis fastest: its coordinates, then each quantity with its mask and its uncertainty under the names
 * of the .npz (`loss`, `computed`, `lambda_max`, `lambda_max_uncertainty` …). NaN, inf and −inf are written as such.
 */
export function sliceCsv({ axes, fields }: Pick<LandscapeFile, 'axes' | 'fields'>): Uint8Array<ArrayBuffer> {
  const rows = axes.reduce((count, { coordinates }) => count * coordinates.length, 1);
  let stride = 1;
  const along = axes.map(({ name, coordinates }) => {
    const step = stride;
    stride *= coordinates.length;
    return { name, at: (point: number) => coordinates[Math.floor(point / step) % coordinates.length]! };
  });
  const quantities = fields.flatMap(({ quantity, values, computed, uncertainty }, k) => {
    const mask = maskKey(fields, k);
    return [
      { name: quantity, at: (point: number) => values[point]! },
      ...(mask === null ? [] : [{ name: mask, at: (point: number) => computed[point]! }]),
      ...(uncertainty ? [{ name: `${quantity}_uncertainty`, at: (point: number) => uncertainty[point]! }] : []),
    ];
  });
  const columns = [...along, ...quantities];
  const data = new Float64Array(rows * columns.length);
  for (let point = 0; point < rows; point++)
    for (const [i, { at }] of columns.entries()) data[point * columns.length + i] = at(point);
  return writeCsv({ columns: columns.map(({ name }) => name), rows, data });
}
