import { BadInput } from '../bad-input.ts';
import type { Matrix } from '../linalg/matrix.ts';
import { randomOrthogonal } from '../linalg/random-matrices/random-orthogonal.ts';
import { randomFromSeed } from '../random/philox.ts';
import { deepHalfTime, deepStrengths } from '../training/exact-dynamics/deep-mode.ts';
import { unbalancedHalfTime, unbalancedStrength } from '../training/exact-dynamics/unbalanced-mode.ts';
import { halfTime } from './half-time.ts';
import { keptSteps } from './kept-steps.ts';
import { decoupledWeights, descend, fromModes, missing, modeStrengths, networkProduct } from './linear-network.ts';
import { givenParams } from './params.ts';
import { restEvery } from './rest.ts';
import { finished, type Simulate } from './simulate-one.ts';
import type { Simulations } from './simulation.ts';

type Params = Simulations['modes']['params'];

/** Steps of which numbers are kept. */
const mostKept = 600;
/** Multiplications of one call. */
const mostWork = 2e10;

/**
 * Gradient descent on the matrices of a deep linear network, Σ = U S Vᵀ with random rotations and two outputs more than
 * modes, from decoupled weights Wₗ = R_l D_l R_{l−1}ᵀ that give every mode the strength u₀; beside it the exact flow. With
 * two matrices the flow knows a² − b² (`unbalanced-mode.ts`), with more the weights are balanced (`deep-mode.ts`).
 * Cost: a gradient a step, 3 products of small matrices a layer; half times are read between two neighbouring steps.
 */
export const simulateModes: Simulate<'modes'> = async (given, context) => {
  const params = checked(given);
  const { singularValues, matrices, learningRate, steps } = params;
  const began = performance.now();
  const n = singularValues.length;
  const rng = randomFromSeed(1).split('modes');
  const u = randomOrthogonal(n + 2, n, rng.split('outputs'));
  const v = randomOrthogonal(n, n, rng.split('inputs'));
  const target = fromModes(u, singularValues, v);
  const weights = decoupledWeights(u, v, factorsOf(params), (layer) => randomOrthogonal(n, n, rng.split(`${layer}`)));
  const kept = keptSteps(steps, mostKept);
  const wanted = new Set(kept);
  const loss = new Float64Array(kept.length);
  const simulated = singularValues.map(() => new Float64Array(kept.length));
  const halves = singularValues.map((s) => halfTime(s / 2));
  const rest = restEvery(3 * matrices * n ** 3, context);
  for (let step = 0, place = 0; step <= steps; step++) {
    if (await rest()) return null;
    const now = step < steps ? descend(weights, target, learningRate) : lastOf(weights, target);
    const strengths = modeStrengths(now.product, u, v);
    for (const [i, half] of halves.entries()) half.see(step, strengths[i]!);
    if (!wanted.has(step)) continue;
    loss[place] = now.loss;
    simulated.forEach((series, i) => {
      series[place] = strengths[i]!;
    });
    place++;
  }
  const modes = singularValues.map((singularValue, i) => ({
    singularValue,
    simulated: simulated[i]!,
    ...theoryOf(singularValue, kept, params),
    halfTime: halves[i]!.time,
  }));
  const status = Number.isFinite(loss.at(-1)) ? 'converged' : 'diverged';
  return finished({ steps: Float64Array.from(kept), loss, modes }, began, { gradients: steps }, status);
};

function lastOf(weights: readonly Matrix[], target: Matrix): { loss: number; product: Matrix } {
  const product = networkProduct(weights);
  return { loss: missing(product, target).loss, product };
}

/** What each matrix gives a mode: b, a of two matrices with ab = u₀ and a² − b² = c; u₀^{1/L} otherwise. a belongs to W₁. */
function factorsOf({ u0, matrices, imbalance }: Params): number[] {
  if (matrices !== 2) return Array.from({ length: matrices }, () => u0 ** (1 / matrices));
  const larger = Math.sqrt((Math.abs(imbalance) + Math.hypot(imbalance, 2 * u0)) / 2);
  return imbalance >= 0 ? [larger, u0 / larger] : [u0 / larger, larger];
}

function theoryOf(
  singularValue: number,
  kept: readonly number[],
  { u0, matrices, imbalance, learningRate }: Params,
): { theory: Float64Array; theoryHalfTime: number } {
  const mode = { singularValue, start: u0, timeConstant: 1 / learningRate };
  if (matrices !== 2)
    return {
      theory: deepStrengths(kept, { ...mode, matrices }),
      theoryHalfTime: deepHalfTime({ ...mode, matrices }),
    };
  return {
    theory: Float64Array.from(kept, (t) => unbalancedStrength(t, { ...mode, imbalance })),
    theoryHalfTime: unbalancedHalfTime({ ...mode, imbalance }),
  };
}

function checked(params: Params): Params {
  const given = givenParams(
    params,
    ['singularValues', 'u0', 'matrices', 'imbalance', 'learningRate', 'steps'],
    'modes',
  );
  const singularValues = given.numbers('singularValues', { least: 1, most: 50 }, { above: 0, most: 1e6 });
  const u0 = given.number('u0', { above: 0, most: 1e6 });
  const matrices = given.whole('matrices', { least: 1, most: 200 });
  const imbalance = given.number('imbalance', { least: -1e6, most: 1e6 });
  const learningRate = given.number('learningRate', { above: 0, most: 1e6 });
  const steps = given.whole('steps', { least: 1, most: 1_000_000 });
  if (imbalance !== 0 && matrices !== 2)
    throw new BadInput(
      `modes.imbalance is ${imbalance} with ${matrices} matrices.`,
      'Only two matrices can start out of balance: take an imbalance of 0.',
    );
  if (steps * matrices * singularValues.length ** 3 > mostWork)
    throw new BadInput(`modes.steps is ${steps} with ${matrices} matrices.`, 'Take fewer steps or fewer modes.');
  return { singularValues, u0, matrices, imbalance, learningRate, steps };
}
