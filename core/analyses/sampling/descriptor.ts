import type { AnalysisDescriptor, Cost, ParameterValues } from '../analysis-descriptor.ts';

/** The parameters of the analysis, as `readParameters` leaves them. */
export interface SamplingParameters {
  readonly accuracy: number;
  readonly batches: number;
  readonly traceProbes: number;
  readonly repeats: number;
  readonly batchSize: number | null;
  readonly miniBatches: number;
  readonly residualTol: number;
  readonly maxProducts: number;
}

export const samplingDescriptor: AnalysisDescriptor = {
  id: 'sampling',
  title: 'Sampling error of curvature',
  summary: 'how many examples sharpness and trace need; sharpness of mini-batches',
  question:
    'How far may sharpness and trace be off because they are of these examples, and how many examples would be enough?',
  parameters: [
    {
      name: 'accuracy',
      type: 'number',
      default: 0.05,
      minimum: 1e-6,
      maximum: 1,
      help: 'Wanted relative error (root mean square), for which a number of examples is proposed.',
    },
    {
      name: 'batches',
      type: 'integer',
      default: 40,
      minimum: 4,
      maximum: 1000,
      help: 'Disjoint batches that the examples are split into to see how they scatter.',
    },
    {
      name: 'traceProbes',
      type: 'integer',
      default: 10,
      minimum: 2,
      maximum: 1000,
      help: 'Random probes of the trace.',
    },
    {
      name: 'repeats',
      type: 'integer',
      default: 10,
      minimum: 2,
      maximum: 1000,
      help: 'Random subsets of each size for which the sharpness is computed.',
    },
    {
      name: 'batchSize',
      type: 'integer',
      default: null,
      minimum: 1,
      maximum: 1_000_000,
      help: 'Size of mini-batches whose sharpness is wanted; by itself none.',
    },
    { name: 'miniBatches', type: 'integer', default: 50, minimum: 2, maximum: 10_000, help: 'How many mini-batches.' },
    {
      name: 'residualTol',
      type: 'number',
      default: 1e-3,
      minimum: 1e-12,
      maximum: 0.1,
      help: 'Wanted residual ‖Hv − λv‖ / |λ| of each sharpness.',
    },
    {
      name: 'maxProducts',
      type: 'integer',
      default: 300,
      minimum: 10,
      maximum: 1_000_000,
      help: 'Limit of products for each sharpness.',
    },
  ],
  cost: samplingCost,
  references: [
    {
      authors: 'A. Andreyev, P. Beneventano',
      year: 2024,
      title: 'Edge of stochastic stability: revisiting the edge of stability for SGD',
      bibtex:
        '@article{andreyev2024edge, author={Andreyev, Arseniy and Beneventano, Pierfrancesco}, title={Edge of stochastic stability: revisiting the edge of stability for {SGD}}, journal={arXiv preprint arXiv:2412.20553}, year={2024}}',
    },
    {
      authors: 'W. G. Cochran',
      year: 1977,
      title: 'Sampling techniques',
      bibtex:
        '@book{cochran1977sampling, author={Cochran, William G.}, title={Sampling Techniques}, publisher={Wiley}, year={1977}}',
    },
  ],
};

/** Sizes of the ladder, as shares of the examples. */
export const ladderShares = [1 / 16, 1 / 8, 1 / 4, 1 / 2] as const;
const productsOfSearch = 15;

/** A product on a part of the examples counts as one, like everywhere. */
function samplingCost(parameters: ParameterValues): Cost {
  const p = parameters as unknown as SamplingParameters;
  const search = Math.min(productsOfSearch, p.maxProducts);
  const mini = p.batchSize === null ? 0 : p.miniBatches * (search + 1);
  const products = search + p.batches * (1 + p.traceProbes) + ladderShares.length * p.repeats * search + mini;
  const gradients = 1 + p.batches + ladderShares.length * p.repeats + (p.batchSize === null ? 0 : p.miniBatches);
  return { products, gradients, losses: 0 };
}
