import type { HostVector } from '../../linalg/vector-space.ts';
import { coupledShift, decayFactor, type Optimizer, type TrainingSettings, type Update } from './optimizer.ts';

/** θ ← θ − η g. */
export function descend<V extends HostVector>({ theta, gradient, learningRate }: Update<V>): void {
  const n = theta.length;
  for (let i = 0; i < n; i++) theta[i]! -= learningRate * gradient[i]!;
}

/**
 * On a quadratic of curvature λ the error is multiplied by d − η λ, d = 1 − η w for decoupled decay (else 1): stable
 * while λ < (1 + d)/η = 2/η.
 */
export function descentThreshold(settings: TrainingSettings, learningRate: number): number {
  return (1 + decayFactor(settings, learningRate)) / learningRate - coupledShift(settings);
}

export const gradientDescent: Optimizer = {
  id: 'gradientDescent',
  title: 'Gradient descent',
  formula: 'θ ← θ − η ∇L(θ), all examples',
  reference: 'Cauchy (1847)',
  parameters: ['learningRate', 'schedule', 'weightDecay', 'decay', 'clipNorm'],
  defaults: {},
  gradientsPerStep: 1,
  buffers: () => [],
  initialScalars: {},
  update: descend,
  threshold: (settings, learningRate) => ({
    value: descentThreshold(settings, learningRate),
    of: 'hessian',
    label: '2/η (gradient descent)',
  }),
};
