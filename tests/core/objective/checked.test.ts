import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostFloat32Space } from '../../../core/linalg/spaces/float32-space.ts';
import { hostFloat64Space } from '../../../core/linalg/spaces/float64-space.ts';
import { hostArena } from '../../../core/linalg/spaces/host-arena.ts';
import type { HostVector } from '../../../core/linalg/vector-space.ts';
import { mlpObjective } from '../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../core/models/closed-form/mlp-description.ts';
import { type CheckName, checkObjective, type ObjectiveCheck } from '../../../core/objective/checked.ts';
import { counted } from '../../../core/objective/counted.ts';
import type { Linearization, Objective } from '../../../core/objective/objective.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';
import { leastSquaresObjective, randomLeastSquares } from '../../support/least-squares.ts';

const failed = ({ items }: ObjectiveCheck) =>
  items.filter((item) => item.outcome === 'failed').map((item) => item.name);

function problem(dim = 20, seed = 1) {
  const rng = randomFromSeed(seed);
  return randomLeastSquares(rng, 30, dim);
}

/** The same objective with another gradient: `change` adds to the gradients of gradient calls and linearizations. */
function withGradient<V extends HostVector>(
  objective: Objective<V>,
  change: (gradient: V, theta: V) => void,
): Objective<V> {
  return {
    ...objective,
    async gradient(theta, batch) {
      const value = await objective.gradient(theta, batch);
      change(value.gradient, theta);
      return value;
    },
    async linearize(theta, batch) {
      const linearization = await objective.linearize(theta, batch);
      change(linearization.gradient, theta);
      return linearization;
    },
  };
}

function withProduct<V>(
  objective: Objective<V>,
  change: (product: V, v: V, linearization: Linearization<V>) => void,
): Objective<V> {
  return {
    ...objective,
    async linearize(theta, batch) {
      const linearization = await objective.linearize(theta, batch);
      return {
        ...linearization,
        async hessianProduct(v) {
          const product = await linearization.hessianProduct(v);
          change(product, v, linearization);
          return product;
        },
      };
    },
  };
}

describe('check of an objective', () => {
  it('passes a correct one in float64, anywhere, with small numbers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom(0, 1e-6, 1, 3),
        async (seed, dim, size) => {
          const objective = leastSquaresObjective(problem(dim, seed), hostFloat64Space);
          const theta = objective.space.scale(objective.space.random(randomFromSeed(seed + 1), 'normal'), size);
          const { status, value } = await checkObjective(objective, theta, randomFromSeed(seed + 2));
          expect(failed(value)).toEqual([]);
          expect(status).toBe('converged');
          expect(value.items.every((item) => item.outcome === 'passed')).toBe(true);
          const find = (name: CheckName) => value.items.find((item) => item.name === name)!.value;
          expect(find('hessian')).toBeLessThan(1e-6);
          expect(find('symmetry')).toBeLessThan(1e-12);
          objective.space.release(theta);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('passes a correct one in float32', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const objective = leastSquaresObjective(problem(500, seed), hostFloat32Space);
      const theta = objective.space.scale(objective.space.random(randomFromSeed(seed), 'normal'), 0.05);
      const { status, value } = await checkObjective(objective, theta, randomFromSeed(seed));
      expect(failed(value)).toEqual([]);
      expect(status).toBe('converged');
      objective.space.release(theta);
    }
  });

  it('passes at a minimum, where the gradient vanishes', async () => {
    for (const makeSpace of [hostFloat64Space, hostFloat32Space]) {
      const quadratic = { ...problem(6), y: new Float64Array(30), quartic: 0 };
      const objective = leastSquaresObjective<HostVector>(quadratic, makeSpace as typeof hostFloat64Space);
      const { status, value } = await checkObjective(objective, objective.space.zeros(), randomFromSeed(1));
      expect(failed(value)).toEqual([]);
      expect(status).toBe('converged');
    }
  });

  it('reports ten items, each with numbers in a sentence', async () => {
    const objective = leastSquaresObjective(problem(), hostFloat64Space);
    const theta = objective.space.random(randomFromSeed(2), 'normal');
    const { value } = await checkObjective(objective, theta, randomFromSeed(1));
    expect(value.items.map((item) => item.name)).toEqual([
      'finite',
      'lossRepeats',
      'gradientRepeats',
      'productRepeats',
      'lossAgrees',
      'gradientAgrees',
      'symmetry',
      'gradientAlong',
      'gradientAcross',
      'hessian',
    ]);
    for (const { sentence } of value.items) expect(sentence).toMatch(/: [\d.e+-]+, allowed [\d.e+-]+\.$/);
  });

  it('costs what it says and leaves nothing behind', async () => {
    const objective = counted(leastSquaresObjective(problem(), hostFloat64Space));
    const theta = objective.space.random(randomFromSeed(2), 'normal');
    const before = hostArena().bytesInUse;
    const { stats } = await checkObjective(objective, theta, randomFromSeed(1));
    expect(hostArena().bytesInUse).toBe(before);
    expect(objective.counts).toEqual({ products: 3, gradients: 15, losses: 51 });
    expect(stats).toMatchObject(objective.counts);
  });

  it('finds a noisy loss, gradient or product', async () => {
    const noise = randomFromSeed(9);
    const plain = leastSquaresObjective(problem(), hostFloat64Space);
    const theta = plain.space.random(randomFromSeed(2), 'normal');
    const shaken = (x: Float64Array) => {
      x[3]! += 1e-6 * noise.normal();
    };
    const cases: [CheckName, Objective<Float64Array>][] = [
      [
        'lossRepeats',
        {
          ...plain,
          async evaluate(at) {
            const value = await plain.evaluate(at);
            return { ...value, loss: value.loss * (1 + 1e-6 * noise.normal()) };
          },
        },
      ],
      ['gradientRepeats', withGradient(plain, shaken)],
      ['productRepeats', withProduct(plain, shaken)],
    ];
    for (const [name, objective] of cases) {
      const { status, value } = await checkObjective(objective, theta, randomFromSeed(1));
      expect(failed(value)).toContain(name);
      expect(status).toBe('stagnated');
      expect(value.items.find((item) => item.name === name)!.sentence).toMatch(/dropout/);
    }
  });

  it('finds dropout-like noise in float32', async () => {
    const noise = randomFromSeed(9);
    const plain = leastSquaresObjective(problem(), hostFloat32Space);
    const objective = withGradient(plain, (gradient) => {
      gradient[noise.integer(20)] = 0;
    });
    const theta = plain.space.random(randomFromSeed(2), 'normal');
    expect((await checkObjective(objective, theta, randomFromSeed(1))).status).toBe('stagnated');
  });

  it('finds an asymmetric Hessian: one entry off by a thousandth of the largest', async () => {
    for (const [makeSpace, size] of [
      [hostFloat64Space, 1e-3],
      [hostFloat32Space, 0.1],
    ] as const) {
      const plain = leastSquaresObjective<HostVector>(problem(), makeSpace as typeof hostFloat64Space);
      const objective = withProduct(plain, (product, v) => {
        product[3]! += size * v[11]!;
      });
      const theta = plain.space.random(randomFromSeed(2), 'normal');
      const { status, value } = await checkObjective(objective, theta, randomFromSeed(1));
      expect(failed(value)).toContain('symmetry');
      expect(status).toBe('notSymmetric');
    }
  });

  it('finds a gradient with one wrong entry, also where its Hessian is symmetric and fits it', async () => {
    const plain = leastSquaresObjective(problem(), hostFloat64Space);
    const theta = plain.space.random(randomFromSeed(2), 'normal');
    const constant = withGradient(plain, (gradient) => {
      gradient[5]! += 0.01;
    });
    const { status, value } = await checkObjective(constant, theta, randomFromSeed(1));
    expect(failed(value)).toEqual(['gradientAlong', 'gradientAcross']);
    expect(status).toBe('notSymmetric');
    const missingTerm = withGradient(plain, (gradient, at) => {
      gradient[5]! -= 0.2 * at[5]!;
    });
    const second = await checkObjective(missingTerm, theta, randomFromSeed(1));
    expect(failed(second.value)).toEqual(['gradientAlong', 'gradientAcross', 'hessian']);
  });

  it('finds a gradient that is wrong by a tenth in float32', async () => {
    let found = 0;
    for (let seed = 0; seed < 20; seed++) {
      const plain = leastSquaresObjective(problem(500, seed), hostFloat32Space);
      const scaled = withGradient(plain, (gradient) => {
        for (let j = 0; j < 250; j++) gradient[j]! *= 1.1;
      });
      const theta = plain.space.scale(plain.space.random(randomFromSeed(seed), 'normal'), 0.05);
      found += (await checkObjective(scaled, theta, randomFromSeed(seed))).status === 'notSymmetric' ? 1 : 0;
    }
    expect(found).toBe(20);
  });

  it('finds a symmetric Hessian that is not that of the gradient', async () => {
    const plain = leastSquaresObjective(problem(), hostFloat64Space);
    const objective = withProduct(plain, (product, v) => {
      product[3]! += 1e-3 * v[3]!;
    });
    const theta = plain.space.random(randomFromSeed(2), 'normal');
    const { status, value } = await checkObjective(objective, theta, randomFromSeed(1));
    expect(failed(value)).toEqual(['hessian']);
    expect(status).toBe('notSymmetric');
  });

  it('finds calls that compute different functions', async () => {
    const plain = leastSquaresObjective(problem(), hostFloat64Space);
    const other = leastSquaresObjective({ ...problem(), penalty: 0.25 }, hostFloat64Space);
    const theta = plain.space.random(randomFromSeed(2), 'normal');
    const { status, value } = await checkObjective({ ...plain, linearize: other.linearize }, theta, randomFromSeed(1));
    expect(failed(value)).toEqual(['lossAgrees', 'gradientAgrees', 'hessian']);
    expect(status).toBe('notSymmetric');
  });

  it('finds values that are not numbers', async () => {
    const objective = leastSquaresObjective(problem(), hostFloat64Space);
    const theta = objective.space.random(randomFromSeed(2), 'normal');
    theta[4] = Number.NaN;
    const { status, value } = await checkObjective(objective, theta, randomFromSeed(1));
    expect(status).toBe('notFinite');
    expect(failed(value)).toEqual(['finite']);
    expect(value.items[0]!.sentence).toMatch(/NaN and infinity/);
  });

  it('takes tolerances of the caller', async () => {
    const objective = leastSquaresObjective(problem(), hostFloat64Space);
    const theta = objective.space.random(randomFromSeed(2), 'normal');
    const { value } = await checkObjective(objective, theta, randomFromSeed(1), { symmetry: 1e-30 });
    expect(value.items.find((item) => item.name === 'symmetry')!.tolerance).toBe(1e-30);
  });

  it('says that it decides nothing where rounding hides the derivative', async () => {
    const plain = leastSquaresObjective(problem(), hostFloat32Space);
    const lifted: typeof plain = {
      ...plain,
      async losses(...args) {
        return (await plain.losses(...args)).map((loss) => Math.fround(loss + 1e9));
      },
    };
    const theta = plain.space.random(randomFromSeed(2), 'normal');
    const { value } = await checkObjective(lifted, theta, randomFromSeed(1));
    const across = value.items.find((item) => item.name === 'gradientAcross')!;
    expect(across.outcome).toBe('undecided');
    expect(across.sentence).toMatch(/float64/);
  });

  it('in float32 a network with kinks may not fail by differences of its gradient, a smooth one may', async () => {
    const plain = leastSquaresObjective(problem(), hostFloat32Space);
    const wrong = withProduct(plain, (product) => {
      for (let j = 0; j < 20; j++) product[j]! *= 1.2;
    });
    const theta = plain.space.random(randomFromSeed(2), 'normal');
    for (const [kind, activation, outcome] of [
      ['Dense', 'relu', 'undecided'],
      ['Dense', 'relu6', 'undecided'],
      ['LeakyReLU', 'leakyRelu', 'undecided'],
      ['MaxPooling2D', null, 'undecided'],
      ['GlobalMaxPooling1D', null, 'undecided'],
      ['Dense', 'softmax', 'failed'],
      ['Dense', 'elu', 'failed'],
      ['AveragePooling2D', null, 'failed'],
    ] as const) {
      const node = { name: 'layer', kind, activation, weights: [], calls: 1, merges: false };
      const graph = { nodes: [node], edges: [], inputs: ['layer'], outputs: ['layer'] };
      const { value, status } = await checkObjective({ ...wrong, graph }, theta, randomFromSeed(1));
      expect([activation ?? kind, value.items.find((item) => item.name === 'hessian')!.outcome]).toEqual([
        activation ?? kind,
        outcome,
      ]);
      expect(status).toBe(outcome === 'failed' ? 'notSymmetric' : 'converged');
    }
  });

  it.each(['tanh', 'relu'] as const)('passes on a %s network in float64, kinks and all', async (activation) => {
    const rng = randomFromSeed(3);
    const inputs = rng.fill(new Float64Array(300 * 20), 'normal');
    const labels = Int32Array.from({ length: 300 }, () => rng.integer(5));
    const targets = { kind: 'classes', classes: 5, labels } as const;
    const data = { name: 'normal', examples: 300, inputShape: [20], inputs, targets, source: 'drawn here' };
    const objective = mlpObjective(mlpFromWidths([20, 16, 5], activation), { data, loss: 'softmaxCrossEntropy' });
    for (let turn = 0; turn < 5; turn++) {
      const theta = objective.space.scale(objective.space.random(rng, 'normal'), 0.3);
      const { status, value } = await checkObjective(objective, theta, rng);
      expect(failed(value)).toEqual([]);
      expect(status).toBe('converged');
      expect(value.items.find((item) => item.name === 'hessian')!.value).toBeLessThan(1e-7);
      objective.space.release(theta);
    }
    objective.dispose();
  });
});
