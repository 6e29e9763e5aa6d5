import { adam } from './adam.ts';
import type { Optimizer } from './optimizer.ts';

/** Adam with decoupled weight decay; the decay is scaled by the scheduled learning rate, as in PyTorch. */
export const adamw: Optimizer = {
  ...adam,
  id: 'adamw',
  title: 'AdamW',
  formula: 'θ ← (1 − η w) θ, then Adam: θ ← θ − η m̂ / (√û + ε)',
  reference: 'Loshchilov and Hutter (2019)',
  parameters: adam.parameters.filter((name) => name !== 'decay'),
  defaults: { learningRate: 0.001, weightDecay: 0.01, decay: 'decoupled' },
};
