import type { Simulations } from '../../simulations/simulation.ts';
import { type Control, knownOnly, type Measured, type Quantity } from './measured.ts';

export const depthsControls: readonly Control[] = [
  { name: 'width', title: 'Width' },
  { name: 'seed', title: 'Another draw' },
];

export const depthsQuantities: readonly Quantity[] = [
  { name: 'width', meaning: 'width of the layers', unit: '' },
  { name: 'shallowest', meaning: 'weight matrices of the shallowest network', unit: '' },
  { name: 'deepest', meaning: 'weight matrices of the deepest network', unit: '' },
  { name: 'shallowOrthogonal', meaning: 'shallowest, orthogonal weights', unit: 'steps' },
  { name: 'deepOrthogonal', meaning: 'deepest, orthogonal weights', unit: 'steps' },
  { name: 'shallowGaussian', meaning: 'shallowest, Gaussian weights', unit: 'steps' },
  { name: 'deepGaussian', meaning: 'deepest, Gaussian weights', unit: 'steps' },
  {
    name: 'orthogonalGrowth',
    meaning: 'orthogonal weights: steps of the deepest over those of the shallowest',
    unit: '',
  },
  { name: 'gaussianGrowth', meaning: 'Gaussian weights: steps of the deepest over those of the shallowest', unit: '' },
];

export function measureDepths(width: number, { rows }: Simulations['depths']['value']): Measured {
  const [shallow, deep] = [rows[0], rows[rows.length - 1]];
  if (!shallow || !deep) return { width };
  const steps = (reached: number | null) => reached ?? Number.POSITIVE_INFINITY;
  return knownOnly({
    width,
    shallowest: shallow.matrices,
    deepest: deep.matrices,
    shallowOrthogonal: steps(shallow.orthogonal),
    deepOrthogonal: steps(deep.orthogonal),
    shallowGaussian: steps(shallow.gaussian),
    deepGaussian: steps(deep.gaussian),
    orthogonalGrowth: steps(deep.orthogonal) / steps(shallow.orthogonal),
    gaussianGrowth: steps(deep.gaussian) / steps(shallow.gaussian),
  });
}
