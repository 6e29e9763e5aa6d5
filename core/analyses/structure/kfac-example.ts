import type { KfacLayer } from './kfac-layers.ts';

/** What an example gives to the factors of one layer. */
export interface KfacExample {
  /** Inputs of the layer with a 1 behind them; null where no output sees the layer (all derivatives are 0). */
  readonly inputs: Float64Array | null;
  /** g_c, one for each output. */
  readonly gradients: readonly Float64Array[];
}

/**
 * Reads a and g_c off the rows Jᵢᵀe_c of a single example: g_c stands in the bias, and the kernel is the rank-one matrix
 * a g_cᵀ. Null where it is not, by more than `tol` of its largest entry: the layer was applied in several places. Cost:
 * C times the size of the layer.
 */
export function readKfacExample(
  { kernel, bias }: KfacLayer,
  rows: readonly Float64Array[],
  tol: number,
): KfacExample | null {
  const [inputs = 0, units = 0] = kernel.shape;
  const gradients = rows.map((row) => row.subarray(bias.offset, bias.offset + units));
  const [c, unit] = largestEntry(gradients);
  const largest = gradients[c]![unit]!;
  if (largest === 0) return { inputs: null, gradients };
  const a = new Float64Array(inputs + 1);
  a[inputs] = 1;
  for (let i = 0; i < inputs; i++) a[i] = rows[c]![kernel.offset + i * units + unit]! / largest;
  let size = 0;
  let deviation = 0;
  rows.forEach((row, k) => {
    for (let i = 0; i < inputs; i++) {
      for (let u = 0; u < units; u++) {
        const entry = row[kernel.offset + i * units + u]!;
        size = Math.max(size, Math.abs(entry));
        deviation = Math.max(deviation, Math.abs(entry - a[i]! * gradients[k]![u]!));
      }
    }
  });
  return deviation <= tol * size ? { inputs: a, gradients } : null;
}

function largestEntry(rows: readonly Float64Array[]): [row: number, column: number] {
  let best: [number, number] = [0, 0];
  rows.forEach((row, c) => {
    row.forEach((entry, unit) => {
      if (Math.abs(entry) > Math.abs(rows[best[0]]![best[1]]!)) best = [c, unit];
    });
  });
  return best;
}
