import { descend, gradientDescent } from './gradient-descent.ts';
import { heavyBall, momentum } from './momentum.ts';
import type { Optimizer } from './optimizer.ts';

/** Mini-batch descent; with `momentum` above 0 it is Polyak's heavy ball on the gradients of the batches. */
export const sgd: Optimizer = {
  id: 'sgd',
  title: 'Stochastic gradient descent',
  formula: 'θ ← θ − η ∇L_B(θ); with β > 0: v ← β v + ∇L_B(θ), θ ← θ − η v',
  reference: 'Robbins and Monro (1951)',
  parameters: momentum.parameters,
  defaults: { momentum: 0, batchSize: 128 },
  gradientsPerStep: 1,
  buffers: (settings) => (settings.momentum > 0 ? ['velocity'] : []),
  initialScalars: {},
  update: (update) => (update.settings.momentum > 0 ? heavyBall(update) : descend(update)),
  threshold: (settings, learningRate) =>
    (settings.momentum > 0 ? momentum : gradientDescent).threshold(settings, learningRate),
};
