import { describe, expect, it } from 'vitest';
import { readCsv } from '../../../core/formats/csv.ts';
import { sliceCsv } from '../../../core/formats/slice-csv.ts';
import { asymmetric, landscapeOf } from '../../support/landscapes.ts';

describe('a slice as a table', () => {
  it.each([[5], [5, 3], [4, 3, 2]])(
    '%j points: a row each, with its own coordinates, first axis fastest',
    (...lengths) => {
      const { columns, rows, data } = readCsv(sliceCsv(landscapeOf(...lengths)));
      expect(columns).toEqual([...['alpha', 'beta', 'gamma'].slice(0, lengths.length), 'loss', 'computed']);
      expect(rows).toBe(lengths.reduce((product, length) => product * length));
      for (let row = 0; row < rows; row++) {
        const cells = data.slice(row * columns.length, (row + 1) * columns.length);
        const [x, y, z] = cells.slice(0, lengths.length);
        expect(cells[lengths.length]).toBe(asymmetric(x!, y, z));
        expect(cells[lengths.length + 1]).toBe(1);
      }
      expect(data[columns.length]).toBeGreaterThan(data[0]!);
    },
  );

  it('keeps NaN, infinities, masks of their own and uncertainties', () => {
    const file = landscapeOf(2);
    const loss = { ...file.fields[0]!, values: Float64Array.of(Number.NaN, Number.NEGATIVE_INFINITY) };
    const top = {
      quantity: 'lambda_max',
      values: Float64Array.of(1, 2),
      computed: Uint8Array.of(1, 0),
      uncertainty: Float64Array.of(0.5, Number.NaN),
    };
    expect(new TextDecoder().decode(sliceCsv({ ...file, fields: [loss, top] }))).toBe(
      'alpha,loss,computed,lambda_max,lambda_max_computed,lambda_max_uncertainty\n-0.5,nan,1,1,1,0.5\n0,-inf,1,2,0,nan\n',
    );
  });
});
