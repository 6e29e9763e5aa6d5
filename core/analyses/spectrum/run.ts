import type { EigenpairsValue, RitzPair } from '../../linalg/eigenpairs/eigenpairs.ts';
import type { SpectralDensity } from '../../linalg/quadrature/spectral-density.ts';
import type { Deflation } from '../../linalg/quadrature/spectral-quadrature.ts';
import { estimateTrace } from '../../linalg/quadrature/trace/estimate-trace.ts';
import type { TraceEstimate } from '../../linalg/quadrature/trace/trace-estimate.ts';
import { type Result, type Stats, worstStatus } from '../../linalg/result.ts';
import {
  type CurvatureOperator,
  type CurvatureRequest,
  curvatureOperator,
} from '../../objective/curvature/curvature-operator.ts';
import { curvatureNotices } from '../../objective/curvature/notices.ts';
import type { Linearization, Objective } from '../../objective/objective.ts';
import { readParameters } from '../read-parameters.ts';
import type { DenseEigenpairs } from './dense-eigenpairs.ts';
import { densityCurve, probedDensity, shiftedSums } from './density.ts';
import { type SpectrumParameters, spectrumDescriptor } from './descriptor.ts';
import { massByBlock, type PlacedBlock, placedBlocks } from './eigenvector-mass.ts';
import { requestOf } from './exact.ts';
import { certified, extremeEigenvalues, subspacesOf } from './extreme-eigenvalues.ts';
import { firstLayerImages } from './first-layer-images.ts';
import { type LayerTable, layerTable } from './layer-table.ts';
import { namedBlocks } from './named-blocks.ts';
import type { CertifiedEigenvalue, Notice, Spectrum } from './spectrum.ts';
import type { SpectrumContext } from './spectrum-context.ts';

/** Difference quotients of gradients are symmetric to this only. */
const symmetryTolOfDifferences = 0.05;
/** Numbers of all eigenvectors together that are kept: 200 MB. */
const mostKeptNumbers = 2.5e7;

/**
 * The spectrum of a matrix of the curvature of L at θ: extreme eigenvalues, density and sums over the spectrum, trace and
 * a table of its blocks, each with its certificate and a random stream of its own.
 *
 * Cost: one gradient and the products of the parts; one loss for the matrices that need outputs. Status: that of the
 * worst part; `notFinite` as well where loss or gradient are not finite, and then nothing else is spent.
 */
export async function runSpectrum<V>(
  objective: Objective<V>,
  theta: V,
  given: Partial<SpectrumParameters> | Readonly<Record<string, unknown>>,
  context: SpectrumContext,
): Promise<Result<Spectrum>> {
  const began = performance.now();
  const parameters = readParameters(spectrumDescriptor.parameters, given) as unknown as SpectrumParameters;
  const { space, layout } = objective;
  const blocks = namedBlocks(layout, parameters.blocks);
  const linearization = await objective.linearize(theta);
  try {
    const gradientNorm = Math.sqrt((await space.dots([linearization.gradient], linearization.gradient))[0]!);
    const finite = Number.isFinite(linearization.loss) && Number.isFinite(gradientNorm);
    const work = await prepared(objective, theta, linearization, blocks, parameters, context);
    try {
      const parts = finite ? await runParts(work) : nothing<V>();
      const value: Spectrum = {
        ...describedMatrix(work),
        ...(await describedParts(work, parts)),
        loss: linearization.loss,
        gradientNorm,
        dim: space.dim,
        convention: objective.convention,
        engine: objective.engine,
        precision: space.precision,
        inexactReason: linearization.exact ? null : (linearization.inexactReason ?? 'products are differences'),
      };
      return {
        value,
        status: finite ? worstStatus(Object.values(value.parts)) : 'notFinite',
        stats: total(work, parts, began),
      };
    } finally {
      work.curvature.dispose();
    }
  } finally {
    linearization.dispose();
  }
}

/** What all parts work with. */
interface Work<V> {
  readonly objective: Objective<V>;
  readonly theta: V;
  readonly linearization: Linearization<V>;
  readonly request: CurvatureRequest<V>;
  readonly curvature: CurvatureOperator<V>;
  /** The blocks that the vectors consist of; none for the kernel, whose vectors are outputs. */
  readonly blocks: readonly PlacedBlock[];
  readonly parameters: SpectrumParameters;
  readonly symmetryTol: number | undefined;
  readonly context: SpectrumContext;
}

async function prepared<V>(
  objective: Objective<V>,
  theta: V,
  linearization: Linearization<V>,
  blocks: readonly string[] | null,
  parameters: SpectrumParameters,
  context: SpectrumContext,
): Promise<Work<V>> {
  const request = requestOf<V>({ ...parameters, blocks }, context);
  const chosen = objective.layout.blocks.filter(({ name }) => blocks === null || blocks.includes(name));
  return {
    objective,
    theta,
    linearization,
    request,
    curvature: await curvatureOperator({ objective, theta, linearization }, request),
    blocks: parameters.operator === 'ntk' ? [] : placedBlocks(chosen),
    parameters,
    symmetryTol: linearization.exact ? undefined : symmetryTolOfDifferences,
    context,
  };
}

interface Parts<V> {
  readonly eigenvalues: Result<EigenpairsValue<V> & Partial<DenseEigenpairs<V>>> | null;
  readonly density: Result<SpectralDensity> | null;
  readonly trace: Result<TraceEstimate> | null;
  readonly layers: Result<LayerTable> | null;
}

function nothing<V>(): Parts<V> {
  return { eigenvalues: null, density: null, trace: null, layers: null };
}

async function runParts<V>(work: Work<V>): Promise<Parts<V>> {
  const { curvature, parameters, symmetryTol, context, blocks } = work;
  const { operator } = curvature;
  const probes = parameters.density || parameters.damping !== null;
  const vectors = parameters.eigenvectors || (probes && parameters.deflate);
  const eigenvalues =
    parameters.top + parameters.bottom + parameters.magnitude + parameters.nearZero > 0
      ? await extremeEigenvalues(operator, parameters, { symmetryTol, vectors }, context)
      : null;
  const deflated = eigenvalues && probes && parameters.deflate ? deflationOf(eigenvalues) : undefined;
  return {
    eigenvalues,
    density: probes ? await probedDensity(operator, parameters, deflated, symmetryTol, context) : null,
    trace: parameters.trace ? await trace(work) : null,
    layers:
      parameters.layers && blocks.length > 0 ? await layerTable(work, work.request, blocks, parameters, context) : null,
  };
}

/** Only pairs that have converged are taken out, and the largest only: what lies at the other end crowds. */
function deflationOf<V>({ value, status }: Result<EigenpairsValue<V>>): Deflation<V> | undefined {
  const pairs = status === 'converged' || status === 'invariantSubspace' ? value.top : [];
  const kept = pairs.filter((pair): pair is RitzPair<V> & { vector: V } => pair.vector !== null);
  if (kept.length === 0) return undefined;
  return { values: kept.map((pair) => pair.value), vectors: kept.map(({ vector }) => vector) };
}

function trace<V>({ curvature, parameters, context }: Work<V>): Promise<Result<TraceEstimate>> {
  const { rng, signal, onProgress } = context;
  return estimateTrace(parameters.traceMethod, curvature.operator, {
    probes: parameters.traceProbes,
    relativeTol: parameters.traceTol ?? undefined,
    rng: rng.split('trace'),
    signal,
    onProgress: ({ products, limit, value }) =>
      onProgress?.({ stage: 'trace', done: products, total: limit, unit: 'products', live: { trace: [value] } }),
  });
}

type MatrixWords = 'operator' | 'operatorName' | 'operatorFormula' | 'blocks' | 'samples' | 'blockNames' | 'order';

function describedMatrix<V>({ curvature, blocks, parameters }: Work<V>): Pick<Spectrum, MatrixWords> {
  return {
    operator: parameters.operator,
    operatorName: curvature.name,
    operatorFormula: curvature.formula,
    blocks: curvature.blocks,
    samples: parameters.operator === 'fisherMonteCarlo' ? parameters.samples : null,
    blockNames: blocks.map(({ name }) => name),
    order: curvature.operator.space.dim,
  };
}

type PartWords =
  | 'eigenvalues'
  | 'bottom'
  | 'magnitude'
  | 'nearZero'
  | 'subspaces'
  | 'density'
  | 'trace'
  | 'logDeterminant'
  | 'effectiveDimension'
  | 'layers'
  | 'images'
  | 'diagonal'
  | 'vectors'
  | 'notices'
  | 'parts';

async function describedParts<V>(work: Work<V>, parts: Parts<V>): Promise<Pick<Spectrum, PartWords>> {
  const { parameters, blocks } = work;
  const { eigenvalues, density, trace: sum, layers } = parts;
  const pairs = eigenvalues?.value;
  const space = work.curvature.operator.space;
  const hostVectors = async (list: readonly RitzPair<V>[] = []) =>
    parameters.eigenvectors
      ? await Promise.all(list.flatMap(({ vector }) => (vector ? [space.toHost(vector)] : [])))
      : [];
  const top = await hostVectors(pairs?.top);
  const [bottom, magnitude] = [await hostVectors(pairs?.bottom), await hostVectors(pairs?.magnitude)];
  const nearZero = await hostVectors(pairs?.nearZero);
  if (pairs)
    space.release(
      ...[...pairs.top, ...pairs.bottom, ...pairs.magnitude, ...(pairs.nearZero ?? [])].flatMap(
        ({ vector }) => vector ?? [],
      ),
    );
  const listed = (list: readonly RitzPair<V>[] | undefined, vectors: readonly Float64Array[]): CertifiedEigenvalue[] =>
    (list ?? []).map((pair, i) => ({
      ...certified(eigenvalues?.status)(pair),
      ...(vectors[i] && blocks.length > 0 && { mass: massByBlock(vectors[i], blocks) }),
    }));
  const keepsVectors = top.length > 0 && top.length * top[0]!.length <= mostKeptNumbers;
  const sums =
    density && density.value.probes > 0 && parameters.damping !== null
      ? shiftedSums(density.value, parameters.damping, work.curvature.operator.positiveSemidefinite)
      : { logDeterminant: null, effectiveDimension: null };
  return {
    eigenvalues: listed(pairs?.top, top),
    bottom: listed(pairs?.bottom, bottom),
    magnitude: listed(pairs?.magnitude, magnitude),
    nearZero: listed(pairs?.nearZero, nearZero),
    subspaces: pairs ? subspacesOf(pairs) : [],
    density: density && parameters.density ? densityCurve(density.value, parameters) : null,
    trace: sum && traceReading(sum.value),
    ...sums,
    layers: layers?.value.rows ?? null,
    ...(layers && { diagonal: layers.value.diagonal }),
    images: top.length > 0 ? firstLayerImages(top, blocks) : null,
    ...(keepsVectors && { vectors: top }),
    notices: noticesOf(work, sums, top, keepsVectors),
    parts: {
      eigenvalues: eigenvalues?.status ?? null,
      density: density?.status ?? null,
      trace: sum?.status ?? null,
      layers: layers?.status ?? null,
    },
  };
}

function traceReading({ value, standardError, low95, high95, method, probes, products }: TraceEstimate) {
  return { value, standardError, low95, high95, method, probes, products };
}

function noticesOf<V>(
  { objective, parameters, blocks }: Work<V>,
  sums: Pick<Spectrum, 'logDeterminant' | 'effectiveDimension'>,
  vectors: readonly Float64Array[],
  keepsVectors: boolean,
): Notice[] {
  const notices: Notice[] = [...curvatureNotices(objective)];
  if (vectors.length > 0 && !keepsVectors)
    notices.push({
      code: 'vectorsLeftOut',
      found: `The ${vectors.length} eigenvectors have ${vectors.length * vectors[0]!.length} numbers.`,
      instead: 'Their shares in the layers and their images are kept, the vectors themselves are not.',
    });
  if (parameters.layers && blocks.length === 0)
    notices.push({
      code: 'noLayers',
      found: 'The kernel acts on outputs, which belong to no layer.',
      instead: 'There is no table of layers; choose blocks to have the kernel of these parameters.',
    });
  if (parameters.damping !== null && sums.effectiveDimension !== null && sums.logDeterminant === null)
    notices.push({
      code: 'noLogDeterminant',
      found: `The matrix has eigenvalues of −σ = ${-parameters.damping} and below.`,
      instead: 'ln det(A + σI) does not exist; the effective dimension counts positive eigenvalues only.',
    });
  return notices;
}

/** Each application of a matrix made of several products costs these. */
function total<V>({ curvature }: Work<V>, parts: Parts<V>, began: number): Stats {
  const applied = Object.values(parts as Parts<unknown>).reduce((sum, part) => sum + (part?.stats.products ?? 0), 0);
  return {
    products: applied * curvature.productsPerApply,
    gradients: 1,
    losses: 0,
    seconds: (performance.now() - began) / 1000,
  };
}
