import { type Estimate, sampleMean } from '../../linalg/quadrature/sample-mean.ts';
import type { Objective } from '../../objective/objective.ts';
import type { Random } from '../../random/random.ts';

export interface NoiseSharpness extends Estimate {
  readonly pairs: number;
  readonly losses: number;
}

/**
 * E[L(θ + ε)] − L(θ) for ε ~ N(0, σ²I), by pairs: ½(L(θ + ε) + L(θ − ε)) − L(θ), in which the slope of L has no part. To
 * second order it is ½ σ² tr H. Cost: three losses a draw. NaN without draws.
 */
export async function noiseSharpness<V>(
  objective: Objective<V>,
  theta: V,
  options: {
    readonly sigma: number;
    readonly draws: number;
    readonly rng: Random;
    readonly signal?: { readonly aborted: boolean } | undefined;
    readonly onProgress?: ((done: number, total: number) => void) | undefined;
  },
): Promise<NoiseSharpness> {
  const { space } = objective;
  const { sigma, draws, rng, signal, onProgress } = options;
  const rises: number[] = [];
  // One call a draw: all three losses come from one program, so that what rounding they share cancels.
  const coefficients = { rows: 3, columns: 1, data: Float64Array.of(0, sigma, -sigma) };
  for (let draw = 0; draw < draws && !signal?.aborted; draw++) {
    const direction = space.random(rng.split(`noise ${draw}`), 'normal');
    const losses = await objective.losses(theta, [direction], coefficients);
    space.release(direction);
    rises.push((losses[1]! + losses[2]!) / 2 - losses[0]!);
    onProgress?.(draw + 1, draws);
  }
  return { ...sampleMean(rises), pairs: rises.length, losses: 3 * rises.length };
}
