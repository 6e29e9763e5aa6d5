import { describe, expect, it } from 'vitest';
import { estimateTrace } from '../../../../../core/linalg/quadrature/trace/estimate-trace.ts';
import type { TraceMethod } from '../../../../../core/linalg/quadrature/trace/trace-estimate.ts';
import { randomFromSeed } from '../../../../../core/random/philox.ts';
import { rotated, sumOf, traceSpectra } from '../rotated-spectra.ts';

const methods: readonly TraceMethod[] = ['hutchinson', 'hutch++', 'xtrace'];

describe.each(methods)('intervals of %s', (method) => {
  it.each(Object.keys(traceSpectra))('contain the truth in at least 36 of 40 seeds: %s', async (name) => {
    const values = traceSpectra[name]!;
    const truth = sumOf(values);
    const { operator } = rotated(values, 5);
    // A share of the Frobenius norm: reached after the fewest probes by some, after many by others.
    const absoluteTol = 0.15 * Math.sqrt(sumOf(values.map((value) => value * value)));
    for (const options of [{ maxProducts: 30 }, { absoluteTol, maxProducts: 150 }]) {
      let inside = 0;
      for (let seed = 0; seed < 40; seed++) {
        const { value, stats } = await estimateTrace(method, operator, { ...options, rng: randomFromSeed(seed) });
        expect(stats.products).toBeLessThanOrEqual(options.maxProducts);
        expect(value.products).toBe(stats.products);
        if (value.low95 <= truth && truth <= value.high95) inside++;
      }
      expect(inside).toBeGreaterThanOrEqual(36);
    }
  });
});
