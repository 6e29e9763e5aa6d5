import type { AnalysisDescriptor, Cost, ParameterValues } from '../analysis-descriptor.ts';

export const structureParts = ['all', 'classes', 'gradient', 'approximations', 'sharpness'] as const;
export type StructurePart = (typeof structureParts)[number];

/** The parameters of the analysis, as `readParameters` leaves them. */
export interface StructureParameters {
  readonly part: StructurePart;
  readonly subspace: number | null;
  readonly residualTol: number | null;
  readonly maxProducts: number;
  readonly traceProbes: number;
  readonly damping: number | null;
  readonly kfacExamples: number;
  readonly radius: number;
  readonly adaptiveRadius: number;
  readonly ascentSteps: number;
  readonly noise: number | null;
  readonly noiseDraws: number;
}

export const structureDescriptor: AnalysisDescriptor = {
  id: 'structure',
  title: 'Structure of the curvature',
  summary: 'class structure, gradient subspace, K-FAC errors, sharpness',
  question:
    'What is the curvature made of here: classes, the subspace of the gradient, blocks of layers; and how sharp is the point by each definition?',
  parameters: [
    {
      name: 'part',
      type: 'choice',
      choices: structureParts,
      default: 'all',
      help: 'Class structure of G; share of the gradient in the top subspace of H; approximations against the dense truth, up to 3,000 parameters; sharpness by each definition; or all of them.',
    },
    {
      name: 'subspace',
      type: 'integer',
      default: null,
      minimum: 1,
      maximum: 200,
      help: 'Dimension k of the top subspace for the share of the gradient, besides the number of outputs; by itself that number only.',
    },
    {
      name: 'residualTol',
      type: 'number',
      default: null,
      minimum: 1e-12,
      maximum: 1,
      help: 'Wanted residual ‖Hv − λv‖ / |λ| of each eigenvector; by itself 1e-3 in float32 and 1e-5 in float64.',
    },
    {
      name: 'maxProducts',
      type: 'integer',
      default: 1000,
      minimum: 1,
      maximum: 1_000_000,
      help: 'Limit of products for each search of eigenvectors.',
    },
    {
      name: 'traceProbes',
      type: 'integer',
      default: 30,
      minimum: 2,
      maximum: 1_000_000,
      help: 'Random probes of each trace.',
    },
    {
      name: 'damping',
      type: 'number',
      default: null,
      minimum: 1e-300,
      maximum: 1e12,
      help: 'Damping σ of the steps (A + σI)⁻¹∇L that are compared; by itself a hundredth of the largest eigenvalue of G, or of H where there is no G.',
    },
    {
      name: 'kfacExamples',
      type: 'integer',
      default: 1000,
      minimum: 1,
      maximum: 1_000_000,
      help: 'Examples that the factors of K-FAC are averaged over, drawn at random where there are more.',
    },
    {
      name: 'radius',
      type: 'number',
      default: 0.05,
      minimum: 1e-9,
      maximum: 1e6,
      help: 'Radius ρ of the ball of sharpness-aware minimisation.',
    },
    {
      name: 'adaptiveRadius',
      type: 'number',
      default: 0.5,
      minimum: 1e-9,
      maximum: 1e6,
      help: 'Radius of the ball in the metric of |θ|, of adaptive sharpness-aware minimisation.',
    },
    {
      name: 'ascentSteps',
      type: 'integer',
      default: 20,
      minimum: 1,
      maximum: 10_000,
      help: 'Gradients that the ascent to the worst loss in a ball may take.',
    },
    {
      name: 'noise',
      type: 'number',
      default: null,
      minimum: 1e-12,
      maximum: 1e6,
      help: 'Standard deviation σ of each weight for the average-case sharpness; by itself ρ/√p, noise that is as long as the radius.',
    },
    {
      name: 'noiseDraws',
      type: 'integer',
      default: 30,
      minimum: 2,
      maximum: 1_000_000,
      help: 'Pairs ±ε of draws of that noise.',
    },
  ],
  cost: structureCost,
  references: [
    {
      authors: 'V. Papyan',
      year: 2019,
      title: 'Measurements of three-level hierarchical structure in the outliers in the spectrum of deepnet Hessians',
      bibtex:
        '@inproceedings{papyan2019measurements, author={Papyan, Vardan}, title={Measurements of three-level hierarchical structure in the outliers in the spectrum of deepnet {Hessians}}, booktitle={International Conference on Machine Learning}, year={2019}}',
    },
    {
      authors: 'V. Papyan',
      year: 2020,
      title: 'Traces of class/cross-class structure pervade deep learning spectra',
      bibtex:
        '@article{papyan2020traces, author={Papyan, Vardan}, title={Traces of class/cross-class structure pervade deep learning spectra}, journal={Journal of Machine Learning Research}, volume={21}, number={252}, pages={1--64}, year={2020}}',
    },
    {
      authors: 'G. Gur-Ari, D. A. Roberts, E. Dyer',
      year: 2018,
      title: 'Gradient descent happens in a tiny subspace',
      bibtex:
        '@article{gurari2018gradient, author={Gur-Ari, Guy and Roberts, Daniel A. and Dyer, Ethan}, title={Gradient descent happens in a tiny subspace}, journal={arXiv:1812.04754}, year={2018}}',
    },
    {
      authors: 'C. Davis, W. M. Kahan',
      year: 1970,
      title: 'The rotation of eigenvectors by a perturbation. III',
      bibtex:
        '@article{davis1970rotation, author={Davis, Chandler and Kahan, W. M.}, title={The rotation of eigenvectors by a perturbation. {III}}, journal={SIAM Journal on Numerical Analysis}, volume={7}, number={1}, pages={1--46}, year={1970}}',
    },
    {
      authors: 'J. Martens, R. Grosse',
      year: 2015,
      title: 'Optimizing neural networks with Kronecker-factored approximate curvature',
      bibtex:
        '@inproceedings{martens2015kfac, author={Martens, James and Grosse, Roger}, title={Optimizing neural networks with {Kronecker}-factored approximate curvature}, booktitle={International Conference on Machine Learning}, year={2015}}',
    },
    {
      authors: 'P. Foret, A. Kleiner, H. Mobahi, B. Neyshabur',
      year: 2021,
      title: 'Sharpness-aware minimization for efficiently improving generalization',
      bibtex:
        '@inproceedings{foret2021sam, author={Foret, Pierre and Kleiner, Ariel and Mobahi, Hossein and Neyshabur, Behnam}, title={Sharpness-aware minimization for efficiently improving generalization}, booktitle={International Conference on Learning Representations}, year={2021}}',
    },
    {
      authors: 'J. Kwon, J. Kim, H. Park, I. K. Choi',
      year: 2021,
      title: 'ASAM: adaptive sharpness-aware minimization for scale-invariant learning of deep neural networks',
      bibtex:
        '@inproceedings{kwon2021asam, author={Kwon, Jungmin and Kim, Jeongseop and Park, Hyunseo and Choi, In Kwon}, title={{ASAM}: adaptive sharpness-aware minimization for scale-invariant learning of deep neural networks}, booktitle={International Conference on Machine Learning}, year={2021}}',
    },
  ],
};

/** The number of outputs is not known here: a typical classifier has so many. */
const typicalClasses = 10;
const subspaceProducts = 100;
/** More parameters than this have no dense truth here. */
export const denseTruthLimit = 3000;

/** Typical products; single-example products of K-FAC are cheap and not counted. */
function structureCost(parameters: ParameterValues, dim: number): Cost {
  const p = parameters as unknown as StructureParameters;
  const wants = (part: StructurePart) => p.part === 'all' || p.part === part;
  const search = Math.min(p.maxProducts, subspaceProducts, dim);
  const classes = wants('classes') ? typicalClasses ** 2 + search + p.traceProbes + 20 : 0;
  const top = wants('classes') || wants('gradient') ? search : 0;
  const halves = wants('gradient') ? search : 0;
  const dense = wants('approximations') && dim <= denseTruthLimit ? 2 * dim : 0;
  const sharpness = wants('sharpness') ? 60 + 2 * p.traceProbes : 0;
  const gradients = 2 + (wants('sharpness') ? 2 * p.ascentSteps + 4 : 0);
  const losses = wants('sharpness') ? 3 * p.noiseDraws : 0;
  return { products: classes + top + halves + dense + sharpness, gradients, losses };
}
