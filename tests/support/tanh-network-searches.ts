import type { FoundPoint } from '../../core/analyses/saddles/finders/finder.ts';
import { levenbergMarquardt } from '../../core/analyses/saddles/finders/levenberg-marquardt.ts';
import { judgePoint } from '../../core/analyses/saddles/judge.ts';
import type { JudgedPoint } from '../../core/analyses/saddles/saddle.ts';
import { mlpObjective } from '../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../core/models/closed-form/mlp-description.ts';
import { randomFromSeed } from '../../core/random/philox.ts';
import { type DenseJudgement, denseJudgement } from './dense-judgement.ts';

const width = 6;
const pairs = 48;

export interface TanhNetworkSearch extends DenseJudgement {
  readonly found: FoundPoint<Float64Array>;
  /** ½ of the mean squared residual over pairs and outputs. */
  readonly energy: number;
  readonly certified: boolean;
}

/** A tanh network 6-6-6 without biases that memorises 48 random pairs, and points along gradient descent on it. */
export function tanhNetwork(seed: number) {
  const root = randomFromSeed(seed);
  const normals = (name: string) => root.split(name).fill(new Float64Array(pairs * width), 'normal');
  const objective = mlpObjective(mlpFromWidths([width, width, width], 'tanh', false), {
    data: {
      name: 'random pairs',
      examples: pairs,
      inputShape: [width],
      inputs: normals('inputs'),
      targets: { kind: 'values', width, values: normals('targets') },
      source: 'drawn here',
    },
    loss: 'halfSquaredError',
  });
  /** After up to 5,000 steps, with uniform noise of four sizes in turn; each by a stream of its own. */
  async function startOf(i: number, starts: number) {
    const rng = root.split(`start ${i}`);
    const theta = rng.fill(new Float64Array(objective.space.dim), 'normal').map((x) => x / Math.sqrt(width));
    const steps = Math.round(5000 * (i / Math.max(1, starts - 1)) ** 3);
    for (let step = 0; step < steps; step++) {
      const { gradient } = await objective.gradient(theta);
      gradient.forEach((g, j) => {
        theta[j] = theta[j]! - 0.05 * g;
      });
      objective.space.release(gradient);
    }
    const noise = rng.fill(new Float64Array(theta.length), 'uniform');
    return { rng, start: theta.map((x, j) => x + [0, 1e-3, 1e-2, 1e-1][i % 4]! * noise[j]!) };
  }
  return { objective, startOf };
}

/** Searches on it from points along gradient descent. */
export async function tanhNetworkSearches(
  seed: number,
  starts: number,
  maxIterations: number,
): Promise<TanhNetworkSearch[]> {
  const { objective, startOf } = tanhNetwork(seed);
  const searches: TanhNetworkSearch[] = [];
  for (let i = 0; i < starts; i++) {
    const { rng, start } = await startOf(i, starts);
    const { value: found } = await levenbergMarquardt(objective, start, {
      ...{ tolerance: 1e-16, maxIterations, maxProducts: Number.POSITIVE_INFINITY, denseLimit: 100, rng },
    });
    const judgement = await denseJudgement(objective, found.theta);
    const certified = found.gradientNormSquared < 1e-16;
    searches.push({ ...judgement, found, energy: found.loss / width, certified });
  }
  return searches;
}

/**
 * The same searches judged as the program judges, polished; `energy` is ½ of the mean squared residual over pairs and
 * outputs.
 */
export async function judgedTanhSearches(
  seed: number,
  starts: number,
  maxIterations: number,
  chosen = Array.from({ length: starts }, (_, i) => i),
): Promise<(JudgedPoint & { readonly energy: number })[]> {
  const { objective, startOf } = tanhNetwork(seed);
  const points: (JudgedPoint & { readonly energy: number })[] = [];
  for (const i of chosen) {
    const { rng, start } = await startOf(i, starts);
    const { value: found } = await levenbergMarquardt(objective, start, {
      ...{ tolerance: 1e-16, maxIterations, maxProducts: Number.POSITIVE_INFINITY, denseLimit: 100, rng },
    });
    const { value } = await judgePoint(objective, found.theta, {
      ...{ tolerance: 1e-16, denseLimit: 2000, polish: true, startNorm: Math.hypot(...start), rng },
    });
    points.push({ ...value.judged, energy: value.judged.loss / width });
  }
  return points;
}

/** Spearman's rank correlation; equal values share their mean rank. */
export function rankCorrelation(x: readonly number[], y: readonly number[]): number {
  const ranks = (values: readonly number[]) =>
    values.map((value) => {
      const below = values.filter((other) => other < value).length;
      const equal = values.filter((other) => other === value).length;
      return below + (equal - 1) / 2;
    });
  const [a, b] = [ranks(x), ranks(y)];
  const mean = (x.length - 1) / 2;
  const product = (p: readonly number[], q: readonly number[]) =>
    p.reduce((sum, rank, i) => sum + (rank - mean) * (q[i]! - mean), 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}
