import type { TraceMethod } from '../../linalg/quadrature/trace/trace-estimate.ts';
import {
  type CurvatureKind,
  curvatureDescriptions,
  curvatureKinds,
} from '../../objective/curvature/curvature-kinds.ts';
import type { AnalysisDescriptor, Cost, ParameterValues } from '../analysis-descriptor.ts';
import { spectrumReferences } from './references.ts';

/** The parameters of the analysis, as `readParameters` leaves them. */
export interface SpectrumParameters {
  readonly operator: CurvatureKind;
  readonly blocks: string | null;
  readonly samples: number;
  readonly method: 'lanczos' | 'blockLanczos' | 'lobpcg' | 'dense';
  readonly blockSize: number;
  readonly top: number;
  readonly bottom: number;
  readonly magnitude: number;
  readonly nearZero: number;
  readonly eigenvalueTol: number | null;
  readonly residualTol: number | null;
  readonly residuals: 'combination' | 'each';
  readonly maxProducts: number;
  readonly maxSeconds: number | null;
  readonly maxBasis: number;
  readonly verifyMultiplicity: boolean;
  readonly eigenvectors: boolean;
  readonly density: boolean;
  readonly densityProbes: number;
  readonly densitySteps: number;
  readonly gridPoints: number;
  readonly kernelWidth: number | null;
  readonly deflate: boolean;
  readonly delta: number | null;
  readonly trace: boolean;
  readonly traceMethod: TraceMethod;
  readonly traceProbes: number;
  readonly traceTol: number | null;
  readonly damping: number | null;
  readonly layers: boolean;
  readonly layerProbes: number;
}

export const spectrumDescriptor: AnalysisDescriptor = {
  id: 'spectrum',
  title: 'Curvature spectrum',
  summary: 'Hessian eigenvalues with residuals, density, trace',
  question: 'How curved is the loss here: its extreme eigenvalues, the density of all of them, and their sum?',
  parameters: [
    {
      name: 'operator',
      type: 'choice',
      choices: curvatureKinds,
      default: 'hessian',
      help: 'The Hessian H; its part G = JᵀAJ/n; the Fisher matrix, exact, by sampled labels or of the true labels; the residual H − G; the covariance of the gradients of single examples; the tangent kernel JJᵀ/n; or H between the roots of a preconditioner of Adam.',
    },
    {
      name: 'blocks',
      type: 'text',
      default: null,
      help: 'Layers or blocks of parameters, by name with commas between: only their diagonal block of the matrix; by itself all.',
    },
    {
      name: 'samples',
      type: 'integer',
      default: 1,
      minimum: 1,
      maximum: 1000,
      help: 'Labels sampled for each example, for the sampled Fisher matrix.',
    },
    {
      name: 'method',
      type: 'choice',
      choices: ['lanczos', 'blockLanczos', 'lobpcg', 'dense'],
      default: 'lanczos',
      help: 'Lanczos takes the fewest products; block Lanczos and LOBPCG see copies of multiple eigenvalues; dense computes the whole matrix, up to 3,000 parameters.',
    },
    {
      name: 'blockSize',
      type: 'integer',
      default: 4,
      minimum: 1,
      maximum: 200,
      help: 'Vectors in a block: copies of an eigenvalue up to so many are found.',
    },
    { name: 'top', type: 'integer', default: 10, minimum: 0, maximum: 200, help: 'How many largest eigenvalues.' },
    {
      name: 'bottom',
      type: 'integer',
      default: 0,
      minimum: 0,
      maximum: 200,
      help: 'How many most negative eigenvalues. They crowd at the edge of the bulk and cost more products.',
    },
    {
      name: 'magnitude',
      type: 'integer',
      default: 0,
      minimum: 0,
      maximum: 200,
      help: 'How many eigenvalues of largest absolute value.',
    },
    {
      name: 'nearZero',
      type: 'integer',
      default: 0,
      minimum: 0,
      maximum: 3000,
      help: 'How many eigenvalues nearest to zero; only the method dense can tell them.',
    },
    {
      name: 'eigenvalueTol',
      type: 'number',
      default: null,
      minimum: 1e-14,
      maximum: 1,
      help: 'Wanted relative error of each eigenvalue; by itself 1e-4 in float32 and 1e-8 in float64.',
    },
    {
      name: 'residualTol',
      type: 'number',
      default: null,
      minimum: 1e-14,
      maximum: 1,
      help: 'Wanted residual ‖Hv − λv‖ / |λ| of each pair; by itself none beyond the wanted error.',
    },
    {
      name: 'residuals',
      type: 'choice',
      choices: ['combination', 'each'],
      default: 'combination',
      help: 'How residuals are made sure of: all by one product with a random combination of the vectors, which bounds them at 95 %, or each by a product of its own.',
    },
    {
      name: 'maxProducts',
      type: 'integer',
      default: 1000,
      minimum: 1,
      maximum: 1_000_000,
      help: 'Limit of products for the eigenvalues.',
    },
    {
      name: 'maxSeconds',
      type: 'number',
      default: null,
      minimum: 0.001,
      maximum: 1e7,
      help: 'Limit of the time for the eigenvalues; by itself none.',
    },
    {
      name: 'maxBasis',
      type: 'integer',
      default: 300,
      minimum: 4,
      maximum: 10_000,
      help: 'Limit of vectors of parameter length in memory.',
    },
    {
      name: 'verifyMultiplicity',
      type: 'boolean',
      default: false,
      help: 'Search again for further copies of multiple eigenvalues; about doubles the products.',
    },
    {
      name: 'eigenvectors',
      type: 'boolean',
      default: false,
      help: 'Keep the eigenvectors: their share in each layer, images of the first layer, and the vectors in an .npz beside the result.',
    },
    { name: 'density', type: 'boolean', default: false, help: 'Estimate the density of all eigenvalues.' },
    {
      name: 'densityProbes',
      type: 'integer',
      default: 10,
      minimum: 1,
      maximum: 1000,
      help: 'Random starts of the density; two or more give error bars.',
    },
    {
      name: 'densitySteps',
      type: 'integer',
      default: 80,
      minimum: 1,
      maximum: 2000,
      help: 'Lanczos steps of each start: the resolution.',
    },
    {
      name: 'gridPoints',
      type: 'integer',
      default: 1024,
      minimum: 2,
      maximum: 100_000,
      help: 'Points of the density curve.',
    },
    {
      name: 'kernelWidth',
      type: 'number',
      default: null,
      minimum: 1e-12,
      maximum: 1e12,
      help: 'Standard deviation of the Gaussian that smooths the density; by itself the resolution of the steps.',
    },
    {
      name: 'deflate',
      type: 'boolean',
      default: true,
      help: 'Take the eigenvalues found out of the density before its probes, and put them back as they are.',
    },
    {
      name: 'delta',
      type: 'number',
      default: null,
      minimum: 0,
      maximum: 1e12,
      help: 'Eigenvalues within ± this count as zero in the shares below, near and above zero; by itself the width of the kernel.',
    },
    { name: 'trace', type: 'boolean', default: false, help: 'Estimate the trace.' },
    {
      name: 'traceMethod',
      type: 'choice',
      choices: ['hutchinson', 'hutch++', 'xtrace'],
      default: 'hutchinson',
      help: 'Random probes alone; or with a low-rank part taken out first, better where few eigenvalues dominate.',
    },
    {
      name: 'traceProbes',
      type: 'integer',
      default: 30,
      minimum: 1,
      maximum: 1_000_000,
      help: 'Random probes of the trace, or their limit where a tolerance is given.',
    },
    {
      name: 'traceTol',
      type: 'number',
      default: null,
      minimum: 1e-6,
      maximum: 1,
      help: 'Stop once the standard error of the trace is below this share of it; by itself all probes are used.',
    },
    {
      name: 'damping',
      type: 'number',
      default: null,
      minimum: 1e-300,
      maximum: 1e12,
      help: 'Shift σ for ln det(A + σI) and the effective dimension Σ λ/(λ + σ), from the probes of the density; by itself neither.',
    },
    {
      name: 'layers',
      type: 'boolean',
      default: false,
      help: 'Trace and largest eigenvalue of every block of parameters.',
    },
    {
      name: 'layerProbes',
      type: 'integer',
      default: 30,
      minimum: 2,
      maximum: 1_000_000,
      help: 'Random probes of the traces of the blocks.',
    },
  ],
  cost: spectrumCost,
  references: spectrumReferences,
};

/** Of the table of layers, whose number is not known here: a typical network has so many blocks. */
const mostBlocks = 6;
const productsOfBlock = 12;

/**
 * Typical products: outliers of a classifier's Hessian take about 2k + 10 steps, the crowded lower end about 10 each, and
 * one product a pair certifies it.
 */
function spectrumCost(parameters: ParameterValues, dim: number): Cost {
  const p = parameters as unknown as SpectrumParameters;
  const top = Math.min(p.top, dim);
  const bottom = Math.min(p.bottom, dim);
  const large = Math.min(p.magnitude, dim);
  const wanted = top + bottom + large;
  const search = wanted === 0 ? 0 : 2 * Math.max(top, large) + 10 + (bottom > 0 ? 40 + 10 * bottom : 0);
  const krylov = Math.min(
    p.maxProducts,
    Math.min(dim, search) * (p.verifyMultiplicity ? 2 : 1) + (p.residuals === 'each' ? wanted : 1),
  );
  const factor = p.method === 'lanczos' ? 1 : 2;
  const eigenvalues = p.method === 'dense' ? dim : Math.min(p.maxProducts, factor * krylov);
  const density = p.density || p.damping !== null ? p.densityProbes * Math.min(dim, p.densitySteps) : 0;
  const trace = p.trace ? p.traceProbes : 0;
  const layers = p.layers ? p.layerProbes + mostBlocks * productsOfBlock : 0;
  const each = curvatureDescriptions[p.operator].productsPerApply;
  return { products: each * (eigenvalues + density + trace + layers), gradients: 1, losses: 0 };
}
