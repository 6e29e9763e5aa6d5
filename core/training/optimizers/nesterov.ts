import type { HostVector } from '../../linalg/vector-space.ts';
import { coupledShift, decayFactor, type Optimizer, type TrainingSettings, type Update } from './optimizer.ts';

/**
 * v ← β v + g, θ ← θ − η (g + β v) with v₀ = 0: the form of Sutskever et al. (2013) written at the point looked ahead
 * to, as PyTorch has it. θ here is that point; the gradient is taken where the parameters are, once a step.
 */
function lookAhead<V extends HostVector>({ theta, gradient, state, learningRate, settings }: Update<V>): void {
  const velocity = state.buffers.velocity!;
  const beta = settings.momentum;
  const n = theta.length;
  for (let i = 0; i < n; i++) {
    const g = gradient[i]!;
    velocity[i] = beta * velocity[i]! + g;
    theta[i]! -= learningRate * (g + beta * velocity[i]!);
  }
}

/**
 * On a quadratic of curvature λ the pair (θ, v) is multiplied by a matrix of trace d + β − η λ (1 + β) and determinant
 * d β − η λ β; 1 + trace + determinant = 0 at λ = (1 + d)(1 + β)/(η (1 + 2β)), without decay (2 + 2β)/(η (1 + 2β)).
 */
function lookAheadThreshold(settings: TrainingSettings, learningRate: number): number {
  const d = decayFactor(settings, learningRate);
  const beta = settings.momentum;
  return ((1 + d) * (1 + beta)) / (learningRate * (1 + 2 * beta)) - coupledShift(settings);
}

export const nesterov: Optimizer = {
  id: 'nesterov',
  title: 'Nesterov momentum',
  formula: 'v ← β v + ∇L(θ), θ ← θ − η (∇L(θ) + β v)',
  reference: 'Nesterov (1983); Sutskever, Martens, Dahl and Hinton (2013)',
  parameters: ['learningRate', 'schedule', 'batchSize', 'momentum', 'weightDecay', 'decay', 'clipNorm'],
  defaults: { momentum: 0.9 },
  gradientsPerStep: 1,
  buffers: () => ['velocity'],
  initialScalars: {},
  update: lookAhead,
  threshold: (settings, learningRate) => ({
    value: lookAheadThreshold(settings, learningRate),
    of: 'hessian',
    label: '(2 + 2β)/(η (1 + 2β)) (Nesterov momentum)',
  }),
};
