import { BadInput } from '../bad-input.ts';
import { chebyshev } from '../data/synthetic.ts';
import { lanczos } from '../linalg/eigenpairs/lanczos.ts';
import type { Status } from '../linalg/result.ts';
import { initialTheta } from '../models/closed-form/initial-theta.ts';
import { mlpObjective } from '../models/closed-form/mlp.ts';
import { mlpFromWidths } from '../models/closed-form/mlp-description.ts';
import { hessianOperator } from '../objective/curvature/hessian.ts';
import type { Objective } from '../objective/objective.ts';
import { randomFromSeed } from '../random/philox.ts';
import type { Random } from '../random/random.ts';
import { trainingSettings } from '../training/settings.ts';
import { createTrainer } from '../training/trainer.ts';
import { givenParams } from './params.ts';
import { finished, type Simulate } from './simulate-one.ts';

const widths = [1, 20, 20, 1];
/** Wanted ‖Hv − λv‖/λ of the sharpness. */
const residualTol = 1e-3;
const mostProducts = 100;
/** Steps between two turns of the event loop. */
const chunk = 50;

/**
 * Full-batch gradient descent on the Chebyshev polynomial of degree 3 at 20 points, tanh 1-20-20-1 from the fan-in uniform
 * start of the seed, half squared error, in float64: where training goes to the edge of stability λ₁ ≈ 2/η (Cohen et al.
 * 2021). The sharpness λ₁ by Lanczos, each with its residual: at the first θ, and after every `every` steps of this call.
 *
 * Cost: a gradient a step, and 10 to 40 products a measurement. Status: `diverged` where the loss left every bound.
 */
export const simulateEdge: Simulate<'edge'> = async (params, { signal, breathe }) => {
  const given = givenParams(params, ['theta', 'learningRate', 'steps', 'seed', 'every'], 'edge');
  const learningRate = given.number('learningRate', { above: 0, most: 10 });
  const steps = given.whole('steps', { least: 0, most: 10_000 });
  const every = given.whole('every', { least: 1 });
  const rng = randomFromSeed(given.whole('seed', { least: 0 }));
  const began = performance.now();
  const model = mlpFromWidths(widths, 'tanh');
  const from = given.orNull('theta', () => checkedTheta(given.raw('theta'), model.layout.dim));
  const theta = from ?? initialTheta(model, rng.split('initialisation'), 'fanInUniform');
  const objective = mlpObjective(model, { data: chebyshev(3, 20, 'train'), loss: 'halfSquaredError' });
  try {
    const settings = trainingSettings('gradientDescent', { learningRate });
    const trainer = createTrainer(objective, settings, { theta, rng: rng.split('training') });
    const losses: number[] = [];
    const sharpness: { step: number; value: number; residual: number }[] = [];
    let products = 0;
    let status: Status = 'converged';
    const measure = async () => {
      const found = await sharpnessAt(objective, trainer.theta, rng.split('sharpness'));
      products += found.products;
      sharpness.push({ step: trainer.step, value: found.value, residual: found.residual });
    };
    if (from === null) await measure();
    while (trainer.step < steps) {
      const record = await trainer.advance();
      losses.push(record.loss);
      if (record.status !== null) {
        status = record.status;
        break;
      }
      if (trainer.step % every === 0) await measure();
      if (trainer.step % chunk === 0) await breathe();
      if (signal.aborted) return null;
    }
    const measured = sharpness.length;
    return finished(
      { losses: Float64Array.from(losses), sharpness, theta: trainer.theta.slice(), status },
      began,
      { gradients: losses.length + measured, products },
      status,
    );
  } finally {
    objective.dispose();
  }
};

function checkedTheta(given: unknown, dim: number): Float64Array {
  const usable = given instanceof Float64Array && given.length === dim && given.every(Number.isFinite);
  if (usable) return given;
  throw new BadInput(
    'edge.theta is not a point of this network.',
    `Give the ${dim} finite numbers that came back from the steps before, or null for the first.`,
  );
}

async function sharpnessAt(objective: Objective<Float64Array>, theta: Float64Array, rng: Random) {
  const at = await objective.linearize(theta);
  try {
    const { value, stats } = await lanczos(hessianOperator(objective.space, at), {
      top: 1,
      bottom: 0,
      rng,
      residualTol,
      maxProducts: mostProducts,
    });
    const [pair] = value.top;
    return { value: pair?.value ?? Number.NaN, residual: pair?.residual ?? Number.NaN, products: stats.products };
  } finally {
    at.dispose();
  }
}
