import { BadInput } from '../../../bad-input.ts';
import type { LinearOperator } from '../../linear-operator.ts';
import type { Result, Status } from '../../result.ts';
import { extendFrame } from './orthonormal-frame.ts';
import {
  drawSamples,
  hasTolerance,
  levelAfterStop,
  probeLimit,
  type TraceEstimate,
  type TraceOptions,
  traceResult,
} from './trace-estimate.ts';

export interface HutchPlusPlusOptions extends TraceOptions {
  /** Columns of the sketch. Default: as many as probes of the remainder, with a tolerance at most 30. */
  readonly sketch?: number | undefined;
}

/**
 * Hutch++ (Meyer, Musco, Musco and Woodruff 2021): an orthonormal basis Q of A S for random ±1 columns S takes the large
 * eigenvalues exactly, tr QᵀAQ, and Hutchinson's estimator the remainder (I − QQᵀ) A (I − QQᵀ), with new probes. For a
 * positive semidefinite A the relative error falls as 1/products instead of 1/√products.
 *
 * Given Q the samples are independent and unbiased, so the standard error and the interval (`meanInterval`) are those of
 * their mean; with few probes a remainder of few directions still shows too little of itself.
 *
 * Cost: 2 products a column of the sketch and one a probe; memory of as many vectors as the sketch has columns. At most p
 * columns; with p the trace is exact and its standard error rounding. Status as `hutchinsonTrace`.
 */
export async function hutchPlusPlusTrace<V>(
  operator: LinearOperator<V>,
  options: HutchPlusPlusOptions,
): Promise<Result<TraceEstimate>> {
  const began = performance.now();
  const { space } = operator;
  const { columns, limit } = split(options, space.dim);
  const frame: V[] = [];
  const total = 2 * columns + limit;
  let products = 0;
  let captured = 0;
  let status: Status = 'converged';
  try {
    for (let column = 0; column < columns && status === 'converged'; column++) {
      if (options.signal?.aborted) status = 'cancelled';
      else {
        const s = space.random(options.rng.split(`trace sketch ${column}`), options.distribution ?? 'rademacher');
        const image = await operator.apply(s);
        space.release(s);
        products++;
        const { independent, column: r } = await extendFrame(space, frame, image);
        if (!r.every(Number.isFinite)) status = 'notFinite';
        else if (!independent)
          break; // the image of A is exhausted
        else {
          captured += await rayleighQuotient(operator, frame[frame.length - 1]!);
          products++;
          if (!Number.isFinite(captured)) status = 'notFinite';
          else options.onProgress?.({ products, limit: total, value: captured });
        }
      }
    }
    if (status !== 'converged') return traceResult('hutch++', { samples: [], status }, products, began);
    let sum = 0;
    const drawn = await drawSamples(options, limit, async (probe) => {
      const sample = await remainderSample(operator, frame, options, probe);
      products++;
      sum += sample;
      if (Number.isFinite(sample)) {
        options.onProgress?.({ products, limit: total, value: captured + sum / (probe + 1) });
      }
      return captured + sample;
    });
    return traceResult('hutch++', drawn, products, began, levelAfterStop(options));
  } finally {
    space.release(...frame);
  }
}

function split(options: HutchPlusPlusOptions, dim: number): { columns: number; limit: number } {
  const { sketch, maxProducts } = options;
  if (sketch !== undefined && !(Number.isInteger(sketch) && sketch >= 0)) {
    throw new BadInput(`The sketch has ${sketch} columns.`, 'Give a whole number, 0 or more.');
  }
  const third = probeLimit(options, 3, 10, 300);
  const columns = Math.min(dim, sketch ?? (hasTolerance(options) ? Math.min(30, third) : third));
  // What a short sketch leaves of the products goes to the remainder.
  const left = maxProducts === undefined ? third : maxProducts - 2 * columns;
  if (left < 1) throw new BadInput(`A sketch of ${columns} columns spends all products.`, 'Allow more of them.');
  return { columns, limit: options.probes === undefined ? left : Math.min(left, options.probes) };
}

async function rayleighQuotient<V>({ space, apply }: LinearOperator<V>, q: V): Promise<number> {
  const image = await apply(q);
  const [value] = await space.dots([q], image);
  space.release(image);
  return value!;
}

/** gᵀ(I − QQᵀ) A (I − QQᵀ) g for one probe. Cost: one product. */
export async function remainderSample<V>(
  { space, apply }: LinearOperator<V>,
  frame: readonly V[],
  options: TraceOptions,
  probe: number,
): Promise<number> {
  const g = space.random(options.rng.split(`trace probe ${probe}`), options.distribution ?? 'rademacher');
  const products = await space.dots(frame, g);
  const outside = space.combine(
    frame,
    products.map((product) => -product),
    g,
  );
  const image = await apply(outside);
  const [sample] = await space.dots([outside], image);
  space.release(outside, image);
  return sample!;
}
