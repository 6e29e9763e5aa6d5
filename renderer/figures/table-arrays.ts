import type { Cell, Table } from '../../core/figures/figure.ts';
import type { NamedArrays } from '../../core/protocol/methods.ts';

/**
 * The columns of a table as arrays. NumPy's files hold numbers only, so rows are parted by their texts, which stand in
 * the names: `train_step`, `train_loss`, `test_step` … Where there is no number, NaN.
 */
export function tableArrays({ columns, rows }: Table): NamedArrays {
  const isText = columns.map((_, k) => rows.some((row) => typeof row[k] === 'string'));
  const parts = new Map<string, (readonly Cell[])[]>();
  for (const row of rows) {
    const name = row
      .filter((cell, k) => isText[k] && typeof cell === 'string')
      .map((cell) => `${String(cell).replace(/[^\p{L}\p{N}]+/gu, '-')}_`)
      .join('');
    const part = parts.get(name);
    if (part) part.push(row);
    else parts.set(name, [row]);
  }
  const arrays: [string, NamedArrays[string]][] = [];
  for (const [name, part] of parts)
    columns.forEach((column, k) => {
      if (isText[k]) return;
      const data = Float64Array.from(part, (row) => (typeof row[k] === 'number' ? row[k] : Number.NaN));
      arrays.push([`${name}${column}`, { shape: [data.length], data }]);
    });
  return Object.fromEntries(arrays);
}
