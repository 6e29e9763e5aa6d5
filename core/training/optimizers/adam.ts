import type { HostVector } from '../../linalg/vector-space.ts';
import {
  coupledShift,
  decayFactor,
  type Optimizer,
  type OptimizerState,
  type StabilityThreshold,
  type TrainingSettings,
  type Update,
} from './optimizer.ts';

/**
 * m ← β₁ m + (1 − β₁) g, u ← β₂ u + (1 − β₂) g², θ ← θ − η m̂ / (√û + ε) with m̂ = m/(1 − β₁ᵗ), û = u/(1 − β₂ᵗ):
 * algorithm 1 of Kingma and Ba (2015). The powers β₁ᵗ and β₂ᵗ are kept as running products, because Math.pow is not the
 * same to the last bit in every engine.
 */
export function adamUpdate<V extends HostVector>({ theta, gradient, state, learningRate, settings }: Update<V>): void {
  const { beta1, beta2, epsilon } = settings;
  const first = state.buffers.firstMoment!;
  const second = state.buffers.secondMoment!;
  state.scalars.beta1Power = state.scalars.beta1Power! * beta1;
  state.scalars.beta2Power = state.scalars.beta2Power! * beta2;
  const firstCorrection = 1 - state.scalars.beta1Power!;
  const secondCorrection = 1 - state.scalars.beta2Power!;
  const n = theta.length;
  for (let i = 0; i < n; i++) {
    const g = gradient[i]!;
    first[i] = beta1 * first[i]! + (1 - beta1) * g;
    second[i] = beta2 * second[i]! + (1 - beta2) * g * g;
    theta[i]! -= (learningRate * (first[i]! / firstCorrection)) / (Math.sqrt(second[i]! / secondCorrection) + epsilon);
  }
}

/**
 * The diagonal of P = (1 − β₁ᵗ) (√û + ε), with which Adam moves like momentum descent on P⁻¹ H: Cohen et al. (2022).
 * Null before the first update.
 */
export function adamPreconditioner(state: OptimizerState, settings: TrainingSettings): Float64Array | null {
  const second = state.buffers.secondMoment;
  if (second === undefined || state.updates === 0) return null;
  const firstCorrection = 1 - state.scalars.beta1Power!;
  const secondCorrection = 1 - state.scalars.beta2Power!;
  return Float64Array.from(
    second,
    (u: number) => firstCorrection * (Math.sqrt(u / secondCorrection) + settings.epsilon),
  );
}

/**
 * (1 + d)(1 + β₁)/((1 − β₁) η) for the largest eigenvalue of the preconditioned Hessian, 38/η for β₁ = 0.9 without decay
 * (Cohen et al. 2022, "Adaptive gradient methods at the edge of stability"): heavy ball with an averaged gradient while
 * the preconditioner stands still. Says nothing of the plain Hessian. With coupled decay no number in the Hessian of L
 * alone exists, because the preconditioner scales the decay too.
 */
export function adamThreshold(settings: TrainingSettings, learningRate: number): StabilityThreshold {
  const { beta1 } = settings;
  const d = decayFactor(settings, learningRate);
  const value = ((1 + d) * (1 + beta1)) / ((1 - beta1) * learningRate);
  return {
    value: coupledShift(settings) === 0 ? value : null,
    of: 'preconditionedHessian',
    label: '(2 + 2β₁)/((1 − β₁) η) for the preconditioned Hessian (Adam)',
  };
}

export const adam: Optimizer = {
  id: 'adam',
  title: 'Adam',
  formula: 'm ← β₁ m + (1 − β₁) g, u ← β₂ u + (1 − β₂) g², θ ← θ − η m̂ / (√û + ε)',
  reference: 'Kingma and Ba (2015)',
  parameters: [
    'learningRate',
    'schedule',
    'batchSize',
    'beta1',
    'beta2',
    'epsilon',
    'weightDecay',
    'decay',
    'clipNorm',
  ],
  defaults: { learningRate: 0.001 },
  gradientsPerStep: 1,
  buffers: () => ['firstMoment', 'secondMoment'],
  initialScalars: { beta1Power: 1, beta2Power: 1 },
  preconditioner: adamPreconditioner,
  update: adamUpdate,
  threshold: adamThreshold,
};
