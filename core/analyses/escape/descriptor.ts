import type { AnalysisDescriptor, Cost, ParameterValues } from '../analysis-descriptor.ts';

/** As the descriptor declares them. */
export interface EscapeParameters {
  readonly directions: number;
  readonly offset: number | null;
  readonly steps: number;
  readonly tolerance: number | null;
  readonly products: number;
  readonly examples: number | null;
}

export const escapeDescriptor: AnalysisDescriptor = {
  id: 'escape',
  title: 'Escape from a saddle',
  summary: 'where descent ends that leaves a saddle along its negative directions',
  question: 'Where does gradient descent go from this saddle, along each direction of negative curvature and back?',
  parameters: [
    {
      name: 'directions',
      type: 'integer',
      default: 2,
      minimum: 1,
      maximum: 100,
      help: 'How many of the most negative eigenvectors are followed, each both ways.',
    },
    {
      name: 'offset',
      type: 'number',
      default: null,
      minimum: 1e-12,
      maximum: 1e6,
      help: 'How far from the point the descents begin, ‖θ − θ₀‖. By itself 0.001 (1 + ‖θ₀‖).',
    },
    {
      name: 'steps',
      type: 'integer',
      default: 2000,
      minimum: 1,
      maximum: 1_000_000,
      help: 'Most steps of each descent.',
    },
    {
      name: 'tolerance',
      type: 'number',
      default: null,
      minimum: 1e-40,
      maximum: 1,
      help: 'A descent ends where ‖∇L‖² is below it. By itself 1e-16 in float64 and 1e-9 in float32.',
    },
    {
      name: 'products',
      type: 'integer',
      default: 300,
      minimum: 1,
      maximum: 1_000_000,
      help: 'Most Hessian products for the eigenvalues at the point, and again at each end.',
    },
    {
      name: 'examples',
      type: 'integer',
      default: null,
      minimum: 1,
      maximum: 1e9,
      help: 'A fixed subset of so many examples is the loss that descends. By itself all of them.',
    },
  ],
  cost: escapeCost,
  references: [
    {
      authors: 'Dauphin, Pascanu, Gulcehre, Cho, Ganguli, Bengio',
      year: 2014,
      title: 'Identifying and attacking the saddle point problem in high-dimensional non-convex optimization',
      bibtex:
        '@inproceedings{dauphin2014saddle, title={Identifying and attacking the saddle point problem in high-dimensional non-convex optimization}, author={Dauphin, Yann N. and Pascanu, Razvan and Gulcehre, Caglar and Cho, Kyunghyun and Ganguli, Surya and Bengio, Yoshua}, booktitle={NeurIPS}, year={2014}}',
    },
  ],
};

/** Products: the directions, an end a path, and about ten a hundred steps for λ_max; a gradient a step. */
function escapeCost(parameters: ParameterValues, dim: number): Cost {
  const { directions, steps, products } = parameters as unknown as EscapeParameters;
  const paths = 2 * Math.min(directions, dim);
  const search = Math.min(products, dim);
  return { products: search * (1 + paths) + Math.ceil(paths * steps * 0.1), gradients: paths * steps, losses: 0 };
}
