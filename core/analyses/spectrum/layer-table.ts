import { lanczos } from '../../linalg/eigenpairs/lanczos.ts';
import { hutchinsonDiagonal } from '../../linalg/quadrature/hutchinson-diagonal.ts';
import type { Result, Status } from '../../linalg/result.ts';
import {
  type CurvaturePoint,
  type CurvatureRequest,
  curvatureOperator,
} from '../../objective/curvature/curvature-operator.ts';
import type { AnalysisContext } from '../analysis-run.ts';
import type { SpectrumParameters } from './descriptor.ts';
import type { PlacedBlock } from './eigenvector-mass.ts';
import { certified } from './extreme-eigenvalues.ts';
import type { DiagonalCurvature, LayerCurvature } from './spectrum.ts';

/** Relative error of the largest eigenvalue of a block: a table for comparing blocks needs no more. */
const blockTol = 1e-4;

export interface LayerTable {
  readonly rows: readonly LayerCurvature[];
  /** What the traces of the blocks are sums of. */
  readonly diagonal: DiagonalCurvature;
}

/**
 * Trace and largest eigenvalue of every diagonal block. The traces come from one set of probes of the whole matrix
 * (diag A ≈ z ⊙ A z, summed over each block), so they add to its trace; each eigenvalue from Lanczos on its block.
 *
 * Cost: `layerProbes` products of the whole, and some 12 products of each block.
 */
export async function layerTable<V>(
  point: CurvaturePoint<V>,
  request: CurvatureRequest<V>,
  blocks: readonly PlacedBlock[],
  parameters: SpectrumParameters,
  { rng, signal, onProgress }: AnalysisContext,
): Promise<Result<LayerTable>> {
  const began = performance.now();
  const whole = await curvatureOperator(point, request);
  const traces = await hutchinsonDiagonal(whole.operator, {
    rng: rng.split('layers'),
    probes: parameters.layerProbes,
    ranges: blocks.map(({ place, size }) => ({ offset: place, size })),
    signal,
    onProgress: ({ products, limit }) =>
      onProgress?.({ stage: 'layers', done: products, total: limit, unit: 'products' }),
  });
  whole.dispose();
  let products = traces.stats.products;
  let status: Status = traces.status;
  const rows: LayerCurvature[] = [];
  for (const [i, { name, size }] of blocks.entries()) {
    if (status === 'cancelled' || status === 'notFinite') break;
    const block = await curvatureOperator(point, { ...request, blocks: [name] });
    const largest = await lanczos(block.operator, {
      top: 1,
      eigenvalueTol: blockTol,
      maxProducts: parameters.maxProducts,
      rng: rng.split(`block ${name}`),
      signal,
    });
    block.dispose();
    products += largest.stats.products;
    if (!isSettled(largest.status)) status = largest.status;
    const [pair] = largest.value.top;
    const { value, standardError, low95, high95 } = traces.value.ranges[i]!;
    rows.push({
      block: name,
      size,
      trace: { value, standardError, low95, high95 },
      top: pair ? certified(largest.status)(pair) : null,
    });
    onProgress?.({ stage: 'layers', done: i + 1, total: blocks.length, unit: 'products' });
  }
  const seconds = (performance.now() - began) / 1000;
  const { diagonal, standardError } = traces.value;
  return {
    value: { rows, diagonal: { values: diagonal, standardError } },
    status,
    stats: { products, gradients: 0, losses: 0, seconds },
  };
}

const isSettled = (status: Status): boolean => status === 'converged' || status === 'invariantSubspace';
