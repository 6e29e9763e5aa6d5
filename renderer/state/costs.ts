import type { Cost } from '../../core/analyses/analysis-descriptor.ts';
import type { MeasuredCosts } from '../../core/protocol/methods.ts';

/** Seconds that a cost comes to at the measured speed. */
export const estimateSeconds = ({ losses, gradients, products }: Cost, costs: MeasuredCosts): number =>
  losses * costs.loss + gradients * costs.gradient + products * costs.product;
