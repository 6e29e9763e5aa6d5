import { absoluteInverse } from '../../linalg/dense/absolute-inverse.ts';
import { curvatureStep, productsOfStep } from './curvature-step.ts';
import type { Optimizer } from './optimizer.ts';

/**
 * θ ← θ − η (|H| + μI)⁻¹ ∇L with |H| = V |Λ| Vᵀ. Along λ > 0 a Newton step; along λ < 0 the same length downhill, so that a
 * distance from a saddle doubles with each step whatever the curvature (μ = 0, η = 1). Above 500 parameters |H| is that
 * of the Krylov space of the gradient. A direction whose curvature changes its sign makes the plain step very long; so μ is
 * searched over decades, as in the paper, unless it is fixed.
 */
export const saddleFreeNewton: Optimizer = {
  id: 'saddleFreeNewton',
  title: 'Saddle-free Newton',
  formula: 'θ ← θ − η (|H| + μI)⁻¹ ∇L(θ), |H| = V |Λ| Vᵀ',
  reference: 'Dauphin, Pascanu, Gulcehre, Cho, Ganguli and Bengio (2014)',
  parameters: ['learningRate', 'schedule', 'batchSize', 'damping', 'dampingRule', 'krylov', 'weightDecay'],
  defaults: { learningRate: 1, damping: 1e-3, dampingRule: 'search' },
  gradientsPerStep: 1,
  productsPerStep: productsOfStep,
  buffers: () => [],
  initialScalars: {},
  update: (update) => curvatureStep(update, absoluteInverse),
  threshold: () => ({
    value: null,
    of: 'hessian',
    label: 'no threshold of the curvature: each step is divided by its size (saddle-free Newton)',
  }),
};
