import { BadInput } from '../bad-input.ts';
import type { Matrix } from '../linalg/matrix.ts';
import { randomOrthogonal } from '../linalg/random-matrices/random-orthogonal.ts';
import { randomFromSeed } from '../random/philox.ts';
import type { Random } from '../random/random.ts';
import { descend, fromModes } from './linear-network.ts';
import { givenParams } from './params.ts';
import { restEvery } from './rest.ts';
import { finished, type Simulate } from './simulate-one.ts';
import type { Simulations } from './simulation.ts';

type Params = Simulations['depths']['params'];

/** Tried over the number of matrices; the best counts. */
const rates = [0.8, 0.4, 0.2, 0.1];
const learntBelow = 0.01;
const mostSteps = 500;

/**
 * Steps of gradient descent until the loss is 1 % of the first, with the best of four learning rates, for networks of
 * several depths: from random orthogonal weights, and from Gaussian ones of variance 1/width. Targets are outputs × width
 * with singular values in [0.5, 1.5]; they are rectangular, because a square one may have a determinant of the wrong sign,
 * which a product of orthogonal matrices cannot mend without passing a singular saddle. (Saxe, McClelland, Ganguli 2013.)
 */
export const simulateDepths: Simulate<'depths'> = async (given, context) => {
  const { matrices, width, outputs, seed } = checked(given);
  const began = performance.now();
  const rng = randomFromSeed(seed).split('depths');
  const target = randomTarget(width, outputs, rng.split('target'));
  const rows: { matrices: number; orthogonal: number | null; gaussian: number | null }[] = [];
  let gradients = 0;
  for (const count of matrices) {
    const rest = restEvery(2 * count * width ** 3, context);
    const from = async (draw: Draw): Promise<number | null | undefined> => {
      const start = () => drawWeights(count, width, outputs, draw, rng.split(`${count} matrices`));
      const tried = await bestSteps(start, target, rest);
      gradients += tried?.gradients ?? 0;
      return tried?.steps;
    };
    const orthogonal = await from(randomOrthogonal);
    const gaussian = await from(scaledGaussian);
    if (orthogonal === undefined || gaussian === undefined) return null;
    rows.push({ matrices: count, orthogonal, gaussian });
  }
  return finished({ rows, mostSteps }, began, { gradients });
};

type Draw = (rows: number, columns: number, rng: Random) => Matrix;

function randomTarget(width: number, outputs: number, rng: Random): Matrix {
  const strengths = Float64Array.from({ length: outputs }, () => 0.5 + rng.uniform());
  const u = randomOrthogonal(outputs, outputs, rng.split('outputs'));
  return fromModes(u, strengths, randomOrthogonal(width, outputs, rng.split('inputs')));
}

const scaledGaussian: Draw = (rows, columns, rng) => {
  const data = rng.fill(new Float64Array(rows * columns), 'normal');
  return { rows, columns, data: data.map((entry) => entry / Math.sqrt(columns)) };
};

const drawWeights = (count: number, width: number, outputs: number, draw: Draw, rng: Random): Matrix[] =>
  Array.from({ length: count }, (_, l) => draw(l === count - 1 ? outputs : width, width, rng.split(`${l}`)));

/**
 * `steps` is null where no rate has learnt within `mostSteps`; a rate is given up where another one was faster. Null where
 * it was cancelled.
 */
async function bestSteps(
  start: () => Matrix[],
  target: Matrix,
  rest: () => Promise<boolean>,
): Promise<{ steps: number | null; gradients: number } | null> {
  let best: number | null = null;
  let gradients = 0;
  for (const rate of rates) {
    const weights = start();
    const limit = best ?? mostSteps;
    let first = 0;
    for (let step = 0; step <= limit; step++) {
      if (await rest()) return null;
      const { loss } = descend(weights, target, rate / weights.length);
      gradients++;
      if (step === 0) first = loss;
      if (!(loss < 1e6 * first)) break;
      if (loss > learntBelow * first) continue;
      best = step;
      break;
    }
  }
  return { steps: best, gradients };
}

function checked(params: Params): Params {
  const given = givenParams(params, ['matrices', 'width', 'outputs', 'seed'], 'depths');
  const matrices = given.numbers('matrices', { least: 1, most: 12 }, { least: 1, most: 200 });
  const width = given.whole('width', { least: 2, most: 128 });
  const outputs = given.whole('outputs', { least: 1, most: 127 });
  const seed = given.whole('seed', { least: 0, most: 2 ** 32 - 1 });
  const deepest = Math.max(...matrices);
  if (!matrices.every(Number.isInteger))
    throw new BadInput('depths.matrices are not whole.', 'Take for example 3, 5, 10.');
  if (outputs >= width)
    throw new BadInput(
      `depths.outputs is ${outputs}, not below the width ${width}.`,
      'Take fewer: square targets may have the wrong determinant for orthogonal weights.',
    );
  if (deepest * width ** 3 > 1e7)
    throw new BadInput(`A network of ${deepest} × ${width} is too large here.`, 'Take fewer matrices or less width.');
  return { matrices, width, outputs, seed };
}
