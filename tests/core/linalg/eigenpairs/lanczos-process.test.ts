import { describe, expect, it } from 'vitest';
import {
  advanceLanczosProcess,
  type LanczosProcess,
  releaseLanczosProcess,
  startLanczosProcess,
} from '../../../../core/linalg/eigenpairs/lanczos-process.ts';
import type { LinearOperator } from '../../../../core/linalg/linear-operator.ts';
import { hostFloat32Space } from '../../../../core/linalg/spaces/float32-space.ts';
import { hostFloat64Space } from '../../../../core/linalg/spaces/float64-space.ts';
import type { HostVector, VectorSpace } from '../../../../core/linalg/vector-space.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

const dim = 1200;
const steps = 300;
const normal = randomFromSeed(3).fill(new Float64Array(dim), 'normal');
const of = (value: (i: number) => number) => Float64Array.from({ length: dim }, (_, i) => value(i));

/** Spectra on which the bare recurrence loses orthogonality, each in its own way. */
const spectra = [
  { name: 'three clusters of width 1e-9', values: of((i) => (i % 3) + 1 + 1e-9 * normal[i]!) },
  { name: 'graded over twelve decades', values: of((i) => 10 ** ((-12 * i) / dim)) },
  { name: 'graded towards both ends, signs mixed', values: of((i) => (i % 2 ? 1 : -1) * 10 ** ((-8 * i) / dim)) },
  { name: 'one value a thousand times, the rest apart', values: of((i) => (i < 1000 ? 0 : Math.sin(i))) },
  { name: 'sixty values of twenty copies', values: of((i) => Math.cos(i % 60)) },
  { name: 'a giant above a bulk', values: of((i) => (i === 0 ? 1e8 : normal[i]!)) },
  { name: 'ten converging outliers above a bulk of zeros', values: of((i) => (i < 10 ? 3 + i : 1e-7 * normal[i]!)) },
  { name: 'almost the identity', values: of((i) => 1 + 1e-13 * normal[i]!) },
];

function diagonal<V extends HostVector>(space: VectorSpace<V>, values: Float64Array): LinearOperator<V> {
  return {
    space,
    symmetric: true,
    positiveSemidefinite: false,
    async apply(v) {
      const product = space.copy(v);
      for (let i = 0; i < dim; i++) product[i] = product[i]! * values[i]!;
      return product;
    },
  };
}

/** Largest entry of |VᵀV − I| over basis, next vector and what is locked, and of |AV − VT − β v eᵀ| / ‖A‖. */
async function errors<V extends HostVector>({ operator, locked, basis, next, alpha, beta }: LanczosProcess<V>) {
  const { space } = operator;
  const vectors = [...locked, ...basis, ...(next === null ? [] : [next])];
  let orthogonality = 0;
  for (const [i, v] of vectors.entries()) {
    const dots = await space.dots(vectors, v);
    orthogonality = dots.reduce((most, dot, j) => Math.max(most, Math.abs(dot - (i === j ? 1 : 0))), orthogonality);
  }
  let recurrence = 0;
  for (const [j, v] of basis.entries()) {
    const rest = Float64Array.from(await operator.apply(v));
    const subtract = (c: number, x: V | null | undefined) => {
      if (x) for (let i = 0; i < dim; i++) rest[i] = rest[i]! - c * x[i]!;
    };
    subtract(alpha[j]!, v);
    subtract(beta[j - 1] ?? 0, basis[j - 1]);
    subtract(beta[j]!, basis[j + 1] ?? next);
    recurrence = Math.max(recurrence, Math.hypot(...rest));
  }
  return { orthogonality, recurrence };
}

async function run<V extends HostVector>(space: VectorSpace<V>, values: Float64Array, lockedCount: number) {
  const locked = Array.from({ length: lockedCount }, (_, k) =>
    space.fromHost(Float64Array.from({ length: dim }, (_, i) => (i === k ? 1 : 0))),
  );
  const start = space.random(randomFromSeed(5), 'sphere');
  const process = (await startLanczosProcess(diagonal(space, values), start, locked))!;
  let taken = 0;
  while (taken < steps && (await advanceLanczosProcess(process)) === 'advanced') taken++;
  const found = { taken, scale: process.scale, asymmetry: process.asymmetry, ...(await errors(process)) };
  releaseLanczosProcess(process);
  space.release(...locked);
  return found;
}

describe.each(spectra)('300 steps on $name', ({ values }) => {
  const size = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

  it.each([0, 4])('are orthonormal to 1e-13 in float64, with %i locked eigenvectors', async (lockedCount) => {
    const { orthogonality, recurrence, asymmetry } = await run(hostFloat64Space(dim), values, lockedCount);
    expect(orthogonality).toBeLessThan(1e-13);
    expect(recurrence).toBeLessThan(1e-13 * size);
    expect(asymmetry).toBeLessThan(1e-13);
  });

  it.each([0, 4])('are orthonormal to 2e-6 in float32, with %i locked eigenvectors', async (lockedCount) => {
    const { orthogonality, recurrence, asymmetry } = await run(hostFloat32Space(dim), values, lockedCount);
    expect(orthogonality).toBeLessThan(2e-6);
    expect(recurrence).toBeLessThan(1e-5 * size);
    expect(asymmetry).toBeLessThan(1e-5);
  });
});

it('the bare recurrence fails on these spectra, so they are a test', async () => {
  const failing: string[] = [];
  for (const { name, values } of spectra) {
    const vectors: Float64Array[] = [];
    let v = randomFromSeed(5).fill(new Float64Array(dim), 'sphere');
    let before = new Float64Array(dim);
    let beta = 0;
    for (let step = 0; step < 120; step++) {
      vectors.push(v);
      const product = v.map((x, i) => x * values[i]! - beta * before[i]!);
      const alpha = product.reduce((sum, x, i) => sum + x * v[i]!, 0);
      const rest = product.map((x, i) => x - alpha * v[i]!);
      beta = Math.hypot(...rest);
      before = v;
      v = rest.map((x) => x / beta);
    }
    const worst = vectors.map((x) => Math.abs(x.reduce((sum, entry, i) => sum + entry * vectors[0]![i]!, 0)));
    if (Math.max(...worst.slice(1)) > 1e-3) failing.push(name);
  }
  expect(failing.length).toBeGreaterThanOrEqual(6);
});
