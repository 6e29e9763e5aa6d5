import { pseudoInverse } from '../../linalg/dense/absolute-inverse.ts';
import { curvatureStep, productsOfStep } from './curvature-step.ts';
import type { Optimizer } from './optimizer.ts';

/** Below it in size, relative to the largest, an eigenvalue is rounding. */
const roundingCut = { float64: 1e-9, float32: 1e-4 } as const;

/**
 * θ ← θ − η (H + μI)⁺ ∇L. Without damping it goes to the nearest critical point whatever its index: where λ < 0 the step
 * leads uphill, so saddles attract it. Above 500 parameters (H + μI)⁺ is that of the Krylov space of the gradient.
 */
export const newton: Optimizer = {
  id: 'newton',
  title: 'Newton',
  formula: 'θ ← θ − η (H + μI)⁺ ∇L(θ)',
  reference: 'Newton (1669); for saddles Dauphin et al. (2014)',
  parameters: ['learningRate', 'schedule', 'batchSize', 'damping', 'relativeCut', 'krylov', 'weightDecay'],
  defaults: { learningRate: 1, damping: 0 },
  gradientsPerStep: 1,
  productsPerStep: productsOfStep,
  buffers: () => [],
  initialScalars: {},
  update: (update) => {
    const { relativeCut } = update.settings;
    const precision = update.theta.BYTES_PER_ELEMENT === 8 ? 'float64' : 'float32';
    return curvatureStep(update, (damping) => pseudoInverse(relativeCut ?? roundingCut[precision], damping));
  },
  threshold: () => ({
    value: null,
    of: 'hessian',
    label: 'no threshold of the curvature: each step is divided by it (Newton)',
  }),
};
