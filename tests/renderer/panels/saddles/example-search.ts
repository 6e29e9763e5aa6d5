import type { SearchedPoint } from '../../../../core/analyses/saddles/saddle.ts';
import { exactCriticalPoints } from '../../../../core/models/closed-form/deep-linear/critical-points.ts';
import type { ShownSearch, ShownSlice } from '../../../../core/protocol/methods.ts';
import type { FollowedEscape } from '../../../../renderer/state/saddle-scenes.ts';

const sets = exactCriticalPoints([4, 3, 2, 1], 2);

/** A point of a search as its document has it, with the numbers of an exact critical point of the 4–2–4 linear network. */
export function examplePoint(number: number, change: Partial<SearchedPoint> = {}): SearchedPoint {
  const { loss, negative, null: zero, positive, eigenvalues } = sets[number % sets.length]!;
  const [lowest, highest] = [eigenvalues[0]!, eigenvalues.at(-1)!];
  return {
    number,
    start: { number, kind: 'random', step: null, noise: 0, scale: 1 },
    loss,
    gradientNormSquared: 4e-30,
    residual: null,
    verdict: 'critical',
    certified: true,
    proof: { newtonStep: 1e-15, lipschitz: 12, h: 3e-14, radius: 2e-15, indexIsExact: true, symmetryDirections: zero },
    index: { negative, null: zero, positive, tolerance: 1e-7 * highest, method: 'dense', standardError: null },
    smallest: { value: 1, errorBound: 1e-14 },
    lowest: { value: lowest, errorBound: 2e-14 },
    highest: { value: highest, errorBound: 2e-14 },
    eigenvalues,
    zeroModes: { count: zero, explained: zero, by: [{ symmetry: 'G W₁, W₂ G⁻¹', directions: zero }] },
    precision: 'float64',
    norm: 3,
    polishedBy: 1e-9,
    moved: 1.5,
    reason: 'gradientTolerance',
    status: 'converged',
    iterations: 12,
    history: [1, 1e-8, 4e-30],
    sameAs: null,
    stats: { products: 240, gradients: 30, losses: 0, seconds: 0.12 },
    ...change,
  };
}

export const flatPoint = (number: number): SearchedPoint =>
  examplePoint(number, {
    loss: 9.1,
    gradientNormSquared: 0.0017,
    residual: 0.999,
    verdict: 'gradientFlat',
    certified: false,
    proof: null,
    reason: 'stationary',
  });

export function exampleSearch(points: readonly SearchedPoint[], change: Partial<ShownSearch> = {}): ShownSearch {
  return {
    search: 'saddles-newton-mr-random',
    finder: 'newton-mr',
    from: 'random',
    starts: points.length,
    points,
    tolerance: 1e-16,
    dim: 16,
    examples: 1,
    convention: 'mean',
    engine: 'closed form',
    precision: 'float64',
    exact: sets.map(({ modes, loss, negative, null: zero, positive }) => ({
      modes,
      loss,
      negative,
      null: zero,
      positive,
    })),
    warnings: [],
    saddlescope: '0.1.0',
    experiment: 'deep-linear',
    step: null,
    seed: 1,
    mode: 'training',
    data: {} as ShownSearch['data'],
    status: 'converged',
    advice: '',
    stats: { products: 0, gradients: 0, losses: 0, seconds: 1 },
    command: 'saddlescope saddles deep-linear.run --from random --starts 12',
    ...change,
  } as ShownSearch;
}

/** A plane with unit directions of curvature −4 and +4, from −2 to 2. */
export function exampleSlice(side = 5): ShownSlice {
  const axis = Float64Array.from({ length: side }, (_, i) => -2 + (4 * i) / (side - 1));
  const values = Float64Array.from({ length: side * side }, (_, i) => {
    const [a, b] = [axis[i % side]!, axis[Math.floor(i / side)]!];
    return 15 - 2 * a * a + 2 * b * b;
  });
  const direction = (eigenvalue: number) => ({
    kind: 'Hessian eigenvector',
    norm: 1,
    eigenvalue,
    residual: 1e-14,
    explained: null,
  });
  return {
    plane: 'lowest,eigen',
    axes: [axis, axis],
    directions: [direction(-4), direction(4)],
    cosines: [0],
    fields: [
      { quantity: 'loss', values, computed: new Uint8Array(side * side).fill(1), certificate: null, uncertainty: null },
    ],
    warnings: [],
    precision: 'float64',
    engine: 'closed form',
    planeId: 'plane-1',
  } as unknown as ShownSlice;
}

/** Descent along ± v₁ in the plane, and along + v₂ at a right angle to it. */
export function exampleEscape(): FollowedEscape {
  const path = (direction: number, sign: 1 | -1, alpha: readonly number[]): FollowedEscape['paths'][number] => ({
    direction,
    sign,
    eigenvalue: -4,
    residual: 1e-13,
    losses: Float64Array.of(15, 11, 7),
    steps: Float64Array.of(0, 20, 41),
    distances: Float64Array.of(0.001, 1, 2),
    coordinates: [Float64Array.from(alpha), Float64Array.of(0, 0, 0)],
    end: { loss: 7, gradientNormSquared: 1e-18, lowest: { value: -3, residual: 1e-9 }, kind: 'saddle', steps: 41 },
  });
  return {
    loss: 15,
    gradientNormSquared: 0,
    negativeFound: 8,
    lowest: { value: -4, residual: 1e-13 },
    offset: 0.001,
    sentence: '8 negative eigenvalues.',
    paths: [path(0, 1, [0.001, 0.8, 1.6]), path(0, -1, [-0.001, -0.8, -1.6]), path(1, 1, [0, 0, 0])],
    precision: 'float64',
    engine: 'closed form',
  } as unknown as FollowedEscape;
}
