import type { AnalysisDescriptor, ParameterValues } from '../analysis-descriptor.ts';
import type { FinderId } from './finders/finder.ts';
import { saddleReferences } from './references.ts';

/** As the descriptor declares them. */
export interface SaddleParameters {
  readonly finder: FinderId;
  readonly starts: number;
  readonly from: 'auto' | 'trajectory' | 'random' | 'point';
  readonly noise: string;
  readonly scales: string;
  readonly tolerance: number;
  readonly iterations: number | null;
  readonly products: number | null;
  readonly examples: number | null;
  readonly certify: 'float64' | 'same';
  readonly polish: boolean;
  readonly dense: number;
}

/** Order of the largest dense matrix that is decomposed: a number here, for the page knows no linear algebra. */
export const mostDense = 3000;

export const finders: readonly { readonly id: FinderId; readonly title: string; readonly help: string }[] = [
  { id: 'gradient-norm', title: 'Gradient norm, L-BFGS', help: 'minimises ½‖∇L‖², whose gradient is H∇L' },
  { id: 'levenberg-marquardt', title: 'Gradient norm, Levenberg–Marquardt', help: 'the same with (H² + μ) p = −H∇L' },
  { id: 'newton-mr', title: 'Newton-MR', help: 'shortest p of least ‖Hp + ∇L‖ (MINRES-QLP), and a search on ‖∇L‖²' },
  { id: 'newton-tr', title: 'Newton, trust region', help: '(H² + γ²)⁻¹H of several γ; the one that lowers ‖∇L‖ most' },
  { id: 'saddle-free', title: 'Saddle-free Newton', help: '−(|H| + μ)⁻¹∇L: leaves saddles, finds minima' },
  { id: 'newton-pinv', title: 'Newton, pseudo-inverse', help: '−H⁺∇L: the baseline that saddles attract' },
];

export const saddlesDescriptor: AnalysisDescriptor = {
  id: 'saddles',
  title: 'Critical points',
  summary: 'critical points of the loss, with their index and a certificate each',
  question: 'Which saddle points and minima does this loss have, and which of them are truly there?',
  parameters: [
    {
      name: 'finder',
      type: 'choice',
      default: 'levenberg-marquardt',
      choices: finders.map(({ id }) => id),
      help: `How they are sought: ${finders.map(({ id, help }) => `${id}, ${help}`).join('; ')}.`,
    },
    {
      name: 'starts',
      type: 'integer',
      default: 60,
      minimum: 1,
      maximum: 1e5,
      help: 'How many searches are made; θ of all of them is kept, 1 GiB at most.',
    },
    {
      name: 'from',
      type: 'choice',
      default: 'auto',
      choices: ['auto', 'trajectory', 'random', 'point'],
      help: 'Where they start: checkpoints of the run (an experiment is trained first) with noise, random points, or the point itself with noise. By itself the trajectory of a run, random points of an experiment.',
    },
    {
      name: 'noise',
      type: 'text',
      default: '0,1e-4,1e-3,1e-2,1e-1',
      help: 'Largest entries of the uniform noise that is added to checkpoints and to the point, in turn.',
    },
    {
      name: 'scales',
      type: 'text',
      default: '0.3,1,2',
      help: 'Of random points: standard deviations of the entries, in turn.',
    },
    {
      name: 'tolerance',
      type: 'number',
      default: 1e-16,
      minimum: 1e-40,
      maximum: 1,
      help: 'Largest ‖∇L‖² of a critical point.',
    },
    {
      name: 'iterations',
      type: 'integer',
      default: null,
      minimum: 1,
      maximum: 1e7,
      help: 'Most iterations of one search. By itself what the method usually needs.',
    },
    {
      name: 'products',
      type: 'integer',
      default: null,
      minimum: 1,
      maximum: 1e9,
      help: 'Most Hessian products of one search. By itself no limit but that of the iterations.',
    },
    {
      name: 'examples',
      type: 'integer',
      default: null,
      minimum: 1,
      maximum: 1e9,
      help: 'A fixed subset of so many examples is the loss that is searched and certified. By itself all of them.',
    },
    {
      name: 'certify',
      type: 'choice',
      default: 'float64',
      choices: ['float64', 'same'],
      help: 'In which precision points are polished and judged: float64, or the one of the experiment.',
    },
    { name: 'polish', type: 'boolean', default: true, help: 'Newton steps in the precision of the certificate first.' },
    {
      name: 'dense',
      type: 'integer',
      default: 2000,
      minimum: 0,
      maximum: mostDense,
      help: 'Up to so many parameters the dense Hessian decides (a product a parameter); above, Krylov methods and quadrature. Above 200 levenberg-marquardt and newton-tr take their steps from 60 Lanczos products in any case.',
    },
  ],
  cost(parameters: ParameterValues, dim: number) {
    const { starts, dense, iterations } = parameters as unknown as SaddleParameters;
    const judged = dim <= dense ? dim : 400;
    const searched = (iterations ?? 200) * (dim <= dense ? Math.min(dim, 25) : 25);
    return { products: starts * (searched + judged), gradients: starts * (iterations ?? 200), losses: 0 };
  },
  references: saddleReferences,
};
