import { describe, expect, it } from 'vitest';
import { structureDescriptor } from '../../../../core/analyses/structure/descriptor.ts';
import { runStructure } from '../../../../core/analyses/structure/run.ts';
import type { Structure } from '../../../../core/analyses/structure/structure.ts';
import { counted } from '../../../../core/objective/counted.ts';
import type { Objective } from '../../../../core/objective/objective.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { withLiveVectors } from '../../../support/live-vectors.ts';
import { smallNetwork } from './small-networks.ts';

const context = (seed = 1) => ({ rng: randomFromSeed(seed) });
const parts = ['classes', 'gradient', 'approximations', 'sharpness'] as const;
const partOf = (value: Structure, part: (typeof parts)[number]) =>
  part === 'gradient' ? value.gradientShares : value[part];

describe('runStructure', () => {
  const { objective, theta } = smallNetwork([4, 6, 3], { examples: 30 });

  it('leaves θ as it was, says the loss convention, and repeats itself with the same stream', async () => {
    const before = theta.slice();
    const first = await runStructure(objective, theta, {}, context());
    const second = await runStructure(objective, theta, {}, context());
    expect(theta).toEqual(before);
    expect(first.status).toBe('converged');
    expect(first.value).toEqual(second.value);
    expect(first.value.convention).toEqual(objective.convention);
    expect(first.value.notices).toEqual([expect.stringContaining('H + σI is not positive definite')]);
    const { loss, gradient } = await objective.gradient(theta);
    expect(first.value.loss).toBeCloseTo(loss, 14);
    expect(first.value.gradientNorm).toBeCloseTo(Math.hypot(...gradient), 14);
  });

  it.each(parts)('a part by itself has the numbers it has among all: %s', async (part) => {
    const all = (await runStructure(objective, theta, {}, context())).value;
    const alone = (await runStructure(objective, theta, { part }, context())).value;
    for (const one of parts) {
      if (one !== part) expect(partOf(alone, one)).toBeNull();
      expect(alone.parts[one] !== null).toBe(one === part);
    }
    if (part !== 'gradient') expect(partOf(alone, part)).toEqual(partOf(all, part));
    // Its search stops at fewer eigenvectors: the same shares to within their errors.
    else
      alone.gradientShares!.forEach(({ share }, i) => {
        const other = all.gradientShares![i]!.share;
        expect(Math.abs(share.value - other.value)).toBeLessThanOrEqual(share.error + other.error);
      });
  });

  it('counts what it spends', async () => {
    const wrapped = counted(objective);
    const { stats } = await runStructure(wrapped, theta, {}, context());
    const { products, gradients, losses } = wrapped.counts;
    expect({ products: stats.products, gradients: stats.gradients, losses: stats.losses }).toEqual({
      products,
      gradients,
      losses,
    });
  });

  it('a loss that is no number is its status, and nothing more is spent', async () => {
    const { value, status, stats } = await runStructure(
      objective,
      theta.map(() => Number.NaN),
      {},
      context(),
    );
    expect(status).toBe('notFinite');
    expect(stats.products).toBe(0);
    for (const part of parts) expect(partOf(value, part)).toBeNull();
  });

  it('ends when it is told to, with what was finished', async () => {
    for (const after of [1, 20, 80, 200]) {
      const signal = { aborted: false };
      let seen = 0;
      const onProgress = () => {
        if (++seen === after) signal.aborted = true;
      };
      const { status, value } = await runStructure(objective, theta, {}, { ...context(), signal, onProgress });
      expect(status).toBe('cancelled');
      expect(value.loss).toBeGreaterThan(0);
      expect(seen - after).toBeLessThan(30);
    }
  });

  it('releases every vector but those it was given', async () => {
    const watched = withLiveVectors(objective.space);
    const born = (vector: Float64Array) => {
      watched.live.add(vector);
      return vector;
    };
    const own: Objective<Float64Array> = {
      ...objective,
      space: watched.space,
      async gradient(at, batch) {
        const { loss, gradient } = await objective.gradient(at, batch);
        return { loss, gradient: born(gradient) };
      },
      async linearize(at, batch) {
        const inner = await objective.linearize(at, batch);
        return {
          ...inner,
          hessianProduct: async (v) => born(await inner.hessianProduct(v)),
          gaussNewtonProduct: async (v) => born(await inner.gaussNewtonProduct!(v)),
          jacobianTransposeProduct: async (u) => born(await inner.jacobianTransposeProduct!(u)),
        };
      },
    };
    const { status } = await runStructure(own, theta, { subspace: 2 }, context());
    expect(status).toBe('converged');
    expect(watched.live.size).toBe(0);
  });

  it('is refused what the descriptor does not know', async () => {
    await expect(runStructure(objective, theta, { part: 'everything' }, context())).rejects.toThrow(/"everything"/);
    expect(structureDescriptor.cost({ ...defaults(), part: 'gradient' }, 1000).products).toBeLessThan(
      structureDescriptor.cost(defaults(), 1000).products,
    );
  });
});

const defaults = () =>
  Object.fromEntries(structureDescriptor.parameters.map(({ name, default: usual }) => [name, usual]));
