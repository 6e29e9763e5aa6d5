import type { HostVector } from '../../linalg/vector-space.ts';
import { coupledShift, type Optimizer, type Update } from './optimizer.ts';

/** The real z > 0 with |1 − z + z²/2 − z³/6 + z⁴/24| = 1: where the classical Runge–Kutta method leaves stability. */
export const rungeKuttaLimit = 2.785293563405282;

/**
 * dθ/dt = −∇L(θ) by the classical fourth-order Runge–Kutta method, one step of length h = `learningRate`:
 * θ ← θ − h/6 (k₁ + 2 k₂ + 2 k₃ + k₄). Cost: four gradients, the first of them given. Error of a step O(h⁵).
 */
export async function rungeKutta<V extends HostVector>(update: Update<V>): Promise<void> {
  const { theta, gradient, learningRate: h, gradientAt } = update;
  const n = theta.length;
  const start = theta.slice() as V;
  const sum = gradient.slice() as V;
  let slope = gradient;
  for (const [reach, weight] of [
    [h / 2, 2],
    [h / 2, 2],
    [h, 1],
  ] as const) {
    for (let i = 0; i < n; i++) theta[i] = start[i]! - reach * slope[i]!;
    slope = await gradientAt(theta);
    for (let i = 0; i < n; i++) sum[i]! += weight * slope[i]!;
  }
  for (let i = 0; i < n; i++) theta[i] = start[i]! - (h / 6) * sum[i]!;
}

export const gradientFlow: Optimizer = {
  id: 'gradientFlow',
  title: 'Gradient flow (Runge–Kutta 4)',
  formula: 'dθ/dt = −∇L(θ), steps of min(1/λ_max, η)',
  reference: 'Cohen, Kaur, Li, Kolter and Talwalkar (2021), appendix; Runge (1895), Kutta (1901)',
  parameters: ['learningRate', 'schedule', 'weightDecay', 'sharpnessEvery'],
  defaults: { learningRate: 1, sharpnessEvery: 10 },
  gradientsPerStep: 4,
  buffers: () => [],
  initialScalars: {},
  update: rungeKutta,
  threshold: (settings, learningRate) => ({
    value: rungeKuttaLimit / learningRate - coupledShift(settings),
    of: 'hessian',
    label: '2.785/step: limit of the integrator; the flow itself has none',
  }),
};
