import { randomFromSeed } from '../random/philox.ts';
import type { Random } from '../random/random.ts';
import { givenParams } from './params.ts';
import { finished, type Simulate } from './simulate-one.ts';

/** The loss below which a repeat has left. */
const leftBelow = -1;
/** Repeats whose losses are kept. */
const keptRepeats = 8;
/** Coordinates that are moved between two turns of the event loop, some ten milliseconds. */
const workBetween = 200_000;
/** Noise at the saddle above this share of the way out leaves no closed form. */
const mostNoise = 0.05;

export interface NoisySaddle {
  readonly dimension: number;
  /** Eigenvalues −c; the others are +1. */
  readonly negative: number;
  readonly curvature: number;
  /** σ of the noise in every coordinate of the gradient. */
  readonly noise: number;
  /** Of the start from the saddle, along the first negative direction. */
  readonly distance: number;
  readonly learningRate: number;
}

/**
 * θ ← θ − η (∇L + σξ), ξ standard normal, on L = ½Σx² − ½cΣy² in N dimensions until L < −1, from `distance` along the first
 * of the negative directions y. Every repeat has a stream of its own. Cost: N normal numbers a step, none without noise.
 */
export const simulateEscapeTimes: Simulate<'escapeTimes'> = async (params, { signal, breathe }) => {
  const names = ['dimension', 'negative', 'curvature', 'noise', 'distance', 'learningRate'];
  const given = givenParams(params, [...names, 'repeats', 'mostSteps', 'seed'], 'escapeTimes');
  const dimension = given.whole('dimension', { least: 1, most: 1000 });
  const saddle: NoisySaddle = {
    dimension,
    negative: given.whole('negative', { least: 1, most: dimension }),
    curvature: given.number('curvature', { above: 0, most: 1000 }),
    noise: given.number('noise', { least: 0, most: 1000 }),
    distance: given.number('distance', { least: 0, most: 1000 }),
    // Above 2 the positive directions are unstable too.
    learningRate: given.number('learningRate', { above: 0, most: 1.9 }),
  };
  const repeats = given.whole('repeats', { least: 1, most: 1000 });
  const mostSteps = given.whole('mostSteps', { least: 1, most: 100_000 });
  const rng = randomFromSeed(given.whole('seed', { least: 0 }));
  const began = performance.now();
  // Without noise all repeats are the same.
  const different = saddle.noise === 0 ? 1 : repeats;
  const times = new Float64Array(repeats);
  const losses: Float64Array[] = [];
  let steps = 0;
  let work = 0;
  for (let repeat = 0; repeat < different; repeat++) {
    const walk = noisyDescent(saddle, rng.split(`repeat ${repeat}`));
    const kept: number[] | null = repeat < keptRepeats ? [walk.loss()] : null;
    times[repeat] = walk.loss() < leftBelow ? 0 : Number.POSITIVE_INFINITY;
    for (let step = 1; step <= mostSteps && times[repeat] === Number.POSITIVE_INFINITY; step++) {
      const loss = walk.step();
      kept?.push(loss);
      if (loss < leftBelow) times[repeat] = step;
      steps++;
      work += dimension;
      if (work >= workBetween) {
        work = 0;
        await breathe();
        if (signal.aborted) return null;
      }
    }
    if (kept) losses.push(Float64Array.from(kept));
  }
  if (signal.aborted) return null;
  times.fill(times[0]!, different);
  const mean = times.reduce((sum, time) => sum + time, 0) / repeats;
  const squares = times.reduce((sum, time) => sum + (time - mean) ** 2, 0);
  return finished(
    {
      times,
      mean,
      standardError: repeats > 1 && Number.isFinite(mean) ? Math.sqrt(squares / (repeats - 1) / repeats) : Number.NaN,
      theory: expectedEscape(saddle),
      losses,
    },
    began,
    { gradients: steps },
  );
};

/** One walk from its start. */
function noisyDescent({ dimension, negative, curvature, noise, distance, learningRate }: NoisySaddle, rng: Random) {
  const theta = new Float64Array(dimension);
  theta[0] = distance;
  const draws = new Float64Array(dimension);
  const grow = 1 + learningRate * curvature;
  const shrink = 1 - learningRate;
  const loss = () => {
    let sum = 0;
    for (let i = 0; i < dimension; i++) sum += (i < negative ? -curvature : 1) * theta[i]! * theta[i]!;
    return 0.5 * sum;
  };
  const step = () => {
    if (noise > 0) rng.fill(draws, 'normal');
    for (let i = 0; i < dimension; i++)
      theta[i] = (i < negative ? grow : shrink) * theta[i]! - learningRate * noise * draws[i]!;
    return loss();
  };
  return { loss, step };
}

/**
 * The expected number of steps until L < −1. With a = 1 + ηc a negative direction is y_t = aᵗ Z_t, and Z_t soon stands still
 * at Z ~ N(d, s²), s² = (ησ)²/(a² − 1); so the k of them have left where aᵗ‖Z‖ = ρ, ρ² = (2 + (N − k)(ησ)²/(1 − (1 − η)²))/c
 * with the noise of the positive directions in it, and
 *
 *   E[t] = (ln ρ² − E ln‖Z‖²)/(2 ln a) + ½,   E ln(‖Z‖²/s²) = ln 2 + Σⱼ Poisson(j; d²/2s²) ψ(k/2 + j),
 *
 * the mean logarithm of a non-central χ² of k degrees; ½ is the mean of what a whole number of steps adds where times
 * differ by a step or more (where they differ by less than a tenth of one, the next whole number is meant). Without noise exactly the first whole t with d aᵗ > √(2/c). Null where nothing is ever left
 * (neither noise nor distance), and where noise at the saddle is more than a twentieth of the way out.
 */
export function expectedEscape(saddle: NoisySaddle): number | null {
  const { dimension, negative, curvature, noise, distance, learningRate } = saddle;
  const growth = Math.log1p(learningRate * curvature);
  if (noise === 0) {
    if (distance === 0) return null;
    const needed = Math.log(Math.sqrt(2 / curvature) / distance) / growth;
    return needed < 0 ? 0 : Math.floor(needed) + 1;
  }
  const step = (learningRate * noise) ** 2;
  const variance = step / ((1 + learningRate * curvature) ** 2 - 1);
  const beside = ((dimension - negative) * step) / (1 - (1 - learningRate) ** 2);
  const wayOut = (2 + beside) / curvature;
  if (variance * negative > mostNoise ** 2 * wayOut || beside > 2 * mostNoise || distance ** 2 > wayOut) return null;
  const lambda = distance ** 2 / variance;
  const meanLog = Math.log(variance) + meanLogOfChiSquared(negative, lambda);
  const needed = (Math.log(wayOut) - meanLog) / (2 * growth);
  const spread = Math.sqrt(2 * (negative + 2 * lambda)) / (negative + lambda) / (2 * growth);
  return spread < 0.1 ? Math.floor(needed) + 1 : needed + 0.5;
}

/** E ln χ² of k degrees and non-centrality λ. */
export function meanLogOfChiSquared(k: number, lambda: number): number {
  if (lambda > 1e4) {
    // ln of the mean less half the relative variance; what is left out is of the order 1/λ².
    return Math.log(k + lambda) - (k + 2 * lambda) / (k + lambda) ** 2;
  }
  const half = lambda / 2;
  // Poisson weights from their largest to both sides: the first of them may be too small for a number.
  const middle = Math.floor(half);
  let sum = 0;
  let whole = 0;
  const add = (weight: number, j: number) => {
    sum += weight * digamma(k / 2 + j);
    whole += weight;
  };
  for (let j = middle, weight = 1; weight > 1e-18; weight *= half / ++j) add(weight, j);
  for (let j = middle, weight = 1; j > 0 && weight > 1e-18; ) {
    weight *= j / half;
    j--;
    add(weight, j);
  }
  return Math.LN2 + sum / whole;
}

/** ψ(x) = d/dx ln Γ(x) for x > 0: recurrence up to 10, then Stirling's series; to 1e-14. */
function digamma(x: number): number {
  let shift = 0;
  let at = x;
  for (; at < 10; at++) shift -= 1 / at;
  const w = 1 / (at * at);
  const series = w * (1 / 12 - w * (1 / 120 - w * (1 / 252 - w * (1 / 240 - w * (1 / 132)))));
  return shift + Math.log(at) - 0.5 / at - series;
}
