import type { HostVector } from '../../linalg/vector-space.ts';
import { coupledShift, decayFactor, type Optimizer, type TrainingSettings, type Update } from './optimizer.ts';

/**
 * v ← β v + g, θ ← θ − η v with v₀ = 0. For constant η this is Polyak's heavy ball θ ← θ − η g + β (θ − θ_previous);
 * where η changes it differs from it, because the velocity here does not hold old learning rates.
 */
export function heavyBall<V extends HostVector>({ theta, gradient, state, learningRate, settings }: Update<V>): void {
  const velocity = state.buffers.velocity!;
  const beta = settings.momentum;
  const n = theta.length;
  for (let i = 0; i < n; i++) {
    velocity[i] = beta * velocity[i]! + gradient[i]!;
    theta[i]! -= learningRate * velocity[i]!;
  }
}

/**
 * On a quadratic of curvature λ the pair (θ, v) is multiplied by a matrix of trace d − η λ + β and determinant d β; it
 * leaves the unit circle at −1, where 1 + trace + determinant = 0: λ = (1 + d)(1 + β)/η, without decay (2 + 2β)/η.
 */
export function heavyBallThreshold(settings: TrainingSettings, learningRate: number): number {
  const d = decayFactor(settings, learningRate);
  return ((1 + d) * (1 + settings.momentum)) / learningRate - coupledShift(settings);
}

export const momentum: Optimizer = {
  id: 'momentum',
  title: 'Polyak momentum',
  formula: 'v ← β v + ∇L(θ), θ ← θ − η v',
  reference: 'Polyak (1964)',
  parameters: ['learningRate', 'schedule', 'batchSize', 'momentum', 'weightDecay', 'decay', 'clipNorm'],
  defaults: { momentum: 0.9 },
  gradientsPerStep: 1,
  buffers: () => ['velocity'],
  initialScalars: {},
  update: heavyBall,
  threshold: (settings, learningRate) => ({
    value: heavyBallThreshold(settings, learningRate),
    of: 'hessian',
    label: '(2 + 2β)/η (Polyak momentum)',
  }),
};
