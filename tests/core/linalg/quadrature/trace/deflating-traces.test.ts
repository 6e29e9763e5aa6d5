import { describe, expect, it } from 'vitest';
import { matrixOperator } from '../../../../../core/linalg/matrix-operator.ts';
import { estimateTrace } from '../../../../../core/linalg/quadrature/trace/estimate-trace.ts';
import { hutchPlusPlusTrace } from '../../../../../core/linalg/quadrature/trace/hutch-plus-plus.ts';
import { extendFrame } from '../../../../../core/linalg/quadrature/trace/orthonormal-frame.ts';
import { xtrace } from '../../../../../core/linalg/quadrature/trace/xtrace.ts';
import { hostFloat32Space } from '../../../../../core/linalg/spaces/float32-space.ts';
import { hostFloat64Space } from '../../../../../core/linalg/spaces/float64-space.ts';
import { randomFromSeed } from '../../../../../core/random/philox.ts';
import { withSpectrum } from '../../../../support/test-matrices.ts';
import { rotated, sumOf, traceSpectra } from '../rotated-spectra.ts';

const falling = traceSpectra['falling as 0.7ⁱ']!;

describe('Hutch++ and XTrace', () => {
  it('have a hundredth of Hutchinson’s error on a steep spectrum, and XTrace less than Hutch++', async () => {
    const { operator } = rotated(falling, 5);
    const error = async (method: 'hutchinson' | 'hutch++' | 'xtrace') => {
      let square = 0;
      for (let seed = 0; seed < 20; seed++) {
        const { value } = await estimateTrace(method, operator, { maxProducts: 60, rng: randomFromSeed(seed) });
        square += (value.value - sumOf(falling)) ** 2 / 20;
      }
      return Math.sqrt(square);
    };
    const [hutchinson, plus, cross] = [await error('hutchinson'), await error('hutch++'), await error('xtrace')];
    expect(plus).toBeLessThan(0.02 * hutchinson);
    expect(cross).toBeLessThan(0.2 * plus);
  });

  it('agree with the leave-one-out definition of XTrace by dense algebra', async () => {
    const values = Array.from({ length: 24 }, (_, i) => Math.cos(i * i) + (i === 0 ? 5 : 0));
    const { operator } = rotated(values, 8);
    const space = hostFloat64Space(24);
    const m = 6;
    const { value } = await xtrace(operator, { probes: m, rng: randomFromSeed(9) });
    const omegas = Array.from({ length: m }, (_, i) =>
      randomFromSeed(9).split(`trace probe ${i}`).fill(new Float64Array(24), 'normal'),
    );
    for (let i = 0; i < m; i++) {
      const frame: Float64Array[] = [];
      for (let k = 0; k < m; k++)
        if (k !== i) await extendFrame(space, frame, await operator.apply(space.fromHost(omegas[k]!)));
      let expected = 0;
      for (const q of frame) expected += (await space.dots([q], await operator.apply(q)))[0]!;
      const along = await space.dots(frame, omegas[i]!);
      const x = space.combine(
        frame,
        along.map((c) => -c),
        space.fromHost(omegas[i]!),
      );
      const [xax] = await space.dots([x], await operator.apply(x));
      const [xx] = await space.dots([x], x);
      expected += ((24 - m + 1) * xax!) / xx!;
      expect(value.samples[i]).toBeCloseTo(expected, 9);
    }
  });

  it('are exact for a low rank, and say so with an error of rounding', async () => {
    const values = Array.from({ length: 60 }, (_, i) => (i < 4 ? [5, -3, 2, 1][i]! : 0));
    const { operator } = rotated(values, 10);
    for (const method of ['hutch++', 'xtrace'] as const) {
      const { value, status } = await estimateTrace(method, operator, { probes: 12, rng: randomFromSeed(1) });
      expect(status).toBe('converged');
      expect(Math.abs(value.value - 5)).toBeLessThan(1e-12);
      expect(value.standardError).toBeLessThan(1e-12);
    }
  });

  it('are exact with as many probes as dimensions', async () => {
    const values = [3, -1, 0.5, 2, 7];
    const { operator } = rotated(values, 11);
    for (const method of ['hutch++', 'xtrace'] as const) {
      const { value } = await estimateTrace(method, operator, { probes: 5, rng: randomFromSeed(2) });
      expect(Math.abs(value.value - 11.5)).toBeLessThan(1e-12);
      expect(value.high95 - value.low95).toBeLessThan(1e-10);
    }
  });

  it('in float32 state an error that holds the rounding of a steep spectrum', async () => {
    const values = Array.from({ length: 100 }, (_, i) => 1000 * 0.3 ** i);
    const operator = matrixOperator(hostFloat32Space(100), withSpectrum(values, 12));
    for (let seed = 0; seed < 10; seed++) {
      const { value } = await xtrace<Float32Array>(operator, { probes: 25, rng: randomFromSeed(seed) });
      expect(Math.abs(value.value - sumOf(values))).toBeLessThan(4 * value.standardError + 1e-4);
    }
  });

  it('continue the same probes, stop at the wanted error, and keep what was done before a NaN', async () => {
    const { operator } = rotated(traceSpectra.flat!, 5);
    const few = await xtrace(operator, { probes: 13, rng: randomFromSeed(3) });
    const stopped = await xtrace(operator, { absoluteTol: 1e9, rng: randomFromSeed(3) });
    expect(stopped.value).toEqual(few.value);
    const wanted = await xtrace(operator, { relativeTol: 1e-3, probes: 100, rng: randomFromSeed(3) });
    expect(wanted.status).toBe('converged');
    expect(wanted.value.standardError).toBeLessThanOrEqual(1e-3 * wanted.value.value);
    const tight = await xtrace(operator, { relativeTol: 1e-9, probes: 20, rng: randomFromSeed(3) });
    expect(tight.status).toBe('budgetSpent');
    for (const method of ['hutch++', 'xtrace'] as const) {
      let products = 0;
      const failing = {
        ...operator,
        apply: async (v: Float64Array) => (++products > 33 ? v.map(() => Number.NaN) : operator.apply(v)),
      };
      const { value, status } = await estimateTrace(method, failing, { maxProducts: 48, rng: randomFromSeed(4) });
      expect(status).toBe('notFinite');
      expect(value.samples.every(Number.isFinite)).toBe(true);
      const signal = { aborted: true };
      const cancelled = await estimateTrace(method, operator, { signal, rng: randomFromSeed(4) });
      expect(cancelled.status).toBe('cancelled');
      expect(cancelled.stats.products).toBe(0);
    }
  });

  it('release every vector they take', async () => {
    const space = hostFloat64Space(40);
    let held = 0;
    const taken = <T>(vector: T): T => {
      held++;
      return vector;
    };
    const counted = {
      ...space,
      zeros: () => taken(space.zeros()),
      copy: (x: Float64Array) => taken(space.copy(x)),
      fromHost: (x: Float64Array | Float32Array) => taken(space.fromHost(x)),
      random: (...given: Parameters<typeof space.random>) => taken(space.random(...given)),
      release: (...xs: Float64Array[]) => {
        held -= xs.length;
        space.release(...xs);
      },
    };
    const operator = matrixOperator(
      counted,
      withSpectrum(
        Float64Array.from({ length: 40 }, (_, i) => (i < 3 ? 1 : 0)),
        1,
      ),
    );
    for (const probes of [2, 8]) {
      for (const method of ['hutchinson', 'hutch++', 'xtrace'] as const) {
        await estimateTrace(method, operator, { probes, rng: randomFromSeed(5) });
        expect(held).toBe(0);
      }
    }
  });

  it('refuse what they cannot do', async () => {
    const { operator } = rotated([1, 2, 3], 1);
    const rng = randomFromSeed(1);
    await expect(xtrace({ ...operator, symmetric: false }, { rng })).rejects.toThrow('symmetric');
    await expect(xtrace(operator, { rng, maxProducts: 1 })).rejects.toThrow('at least 2');
    await expect(hutchPlusPlusTrace(operator, { rng, sketch: -1 })).rejects.toThrow('0 or more');
    await expect(hutchPlusPlusTrace(operator, { rng, probes: 1.5 })).rejects.toThrow('whole number');
  });
});
