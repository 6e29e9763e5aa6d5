import type { AnalysisDescriptor, Cost, ParameterValues } from '../analysis-descriptor.ts';
import type { OverlapKind } from './overlap.ts';

/** The parameters of the analysis, as `readParameters` leaves them. */
export interface OverlapParameters {
  readonly between: OverlapKind;
  readonly operator: 'hessian' | 'gaussNewton';
  readonly top: number;
  readonly points: number;
  readonly residualTol: number;
  readonly maxProducts: number;
}

export const overlapDescriptor: AnalysisDescriptor = {
  id: 'overlap',
  title: 'Overlap of top subspaces',
  summary: 'overlap of top eigenspaces between steps, halves of the data, layers',
  question:
    'Do the directions of largest curvature stay: from step to step, from one half of the data to the other, from layer to layer?',
  parameters: [
    {
      name: 'between',
      type: 'choice',
      choices: ['steps', 'halves', 'layers'],
      default: 'steps',
      help: 'Checkpoints of a run; two random halves of the examples; or the diagonal blocks and the whole.',
    },
    {
      name: 'operator',
      type: 'choice',
      choices: ['hessian', 'gaussNewton'],
      default: 'hessian',
      help: 'The Hessian, or its positive semidefinite part G = JᵀAJ/n.',
    },
    { name: 'top', type: 'integer', default: 10, minimum: 1, maximum: 200, help: 'Dimension k of the subspaces.' },
    {
      name: 'points',
      type: 'integer',
      default: 8,
      minimum: 2,
      maximum: 100,
      help: 'At most so many checkpoints, evenly taken, the first and the last among them.',
    },
    {
      name: 'residualTol',
      type: 'number',
      default: 1e-3,
      minimum: 1e-12,
      maximum: 1,
      help: 'Wanted residual ‖Hv − λv‖ / |λ| of each vector.',
    },
    {
      name: 'maxProducts',
      type: 'integer',
      default: 1000,
      minimum: 1,
      maximum: 1_000_000,
      help: 'Limit of products for each subspace.',
    },
  ],
  cost: overlapCost,
  references: [
    {
      authors: 'G. Gur-Ari, D. A. Roberts, E. Dyer',
      year: 2018,
      title: 'Gradient descent happens in a tiny subspace',
      bibtex:
        '@article{gurari2018gradient, author={Gur-Ari, Guy and Roberts, Daniel A. and Dyer, Ethan}, title={Gradient descent happens in a tiny subspace}, journal={arXiv preprint arXiv:1812.04754}, year={2018}}',
    },
    {
      authors: 'C. Davis, W. M. Kahan',
      year: 1970,
      title: 'The rotation of eigenvectors by a perturbation. III',
      bibtex:
        '@article{davis1970rotation, author={Davis, Chandler and Kahan, W. M.}, title={The rotation of eigenvectors by a perturbation. {III}}, journal={SIAM Journal on Numerical Analysis}, volume={7}, number={1}, pages={1--46}, year={1970}}',
    },
  ],
};

/** A search of k + 1 pairs takes about 3 k + 20 products; there are three for halves, and a typical six blocks. */
function overlapCost(parameters: ParameterValues, dim: number): Cost {
  const { between, points, top, maxProducts } = parameters as unknown as OverlapParameters;
  const searches = between === 'steps' ? points : between === 'halves' ? 3 : 7;
  return { products: searches * Math.min(maxProducts, dim, 3 * top + 20), gradients: searches, losses: 0 };
}
