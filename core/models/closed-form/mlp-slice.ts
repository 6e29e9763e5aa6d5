import type { Matrix } from '../../linalg/matrix.ts';
import { type ResidentMatrix, residentPart } from '../../linalg/spaces/float64-gemm.ts';
import type { LossName } from '../../objective/loss-convention.ts';
import type { PointEvaluations, PointsAsk } from '../../objective/objective.ts';
import { exampleLosses, misclassified, type OutputTargets } from '../../objective/output-losses.ts';
import { type PointTotals, pointTotals } from '../point-totals.ts';
import { activate } from './activations.ts';
import type { MlpDescription } from './mlp-description.ts';
import { affine, forward, type Scope, type Weights, weightsOf, withScope } from './mlp-passes.ts';
import type { MlpBatch } from './mlp-point.ts';

/** Entries of the first layer's affine parts that are worked on at a time: 2 MiB, about the second cache. */
const chunkEntries = 2 ** 18;

/**
 * The losses at origin + Σ_j C[i,j] d_j, and what else is asked for, from the same passes. The first layer is affine in θ, so X W₀ and all X D_j are computed once and only
 * combined at each point; a chunk of the examples at a time, so that these parts stay in the cache. Cost: 1 + the number
 * of directions products with the first kernel, then for each point a forward pass from the second layer on.
 */
export function evaluationsOverDirections(
  model: MlpDescription,
  loss: LossName,
  batch: MlpBatch,
  origin: Float64Array,
  directions: readonly Float64Array[],
  coefficients: Matrix,
  { ask, overExamples }: { readonly ask: PointsAsk; readonly overExamples: 'mean' | 'sum' },
  scope: Scope,
): PointEvaluations {
  if (coefficients.columns !== directions.length) {
    throw new RangeError(`${coefficients.columns} coefficients a point for ${directions.length} directions.`);
  }
  const vectors = [origin, ...directions].map((vector) => scope.vector(vector));
  const parts = vectors.map((vector) => weightsOf(model, vector, batch.kept, scope));
  const point = scope.vector(origin);
  const atPoint = weightsOf(model, point, batch.kept, scope);
  const totals = pointTotals(coefficients.rows, ask, batch.targets.labels && batch.targets.width);
  const units = model.dense[0]!.units;
  const chunkRows = Math.max(16, Math.floor(chunkEntries / (units * (vectors.length + 1))));
  for (let from = 0; from < batch.x.rows; from += chunkRows) {
    const rows = Math.min(chunkRows, batch.x.rows - from);
    const x = residentPart(batch.x.data, from * batch.x.columns, rows, batch.x.columns)!;
    const targets = rowsOfTargets(batch.targets, from, rows);
    withScope((chunk) => {
      const first = parts.map(({ kernels, biases }) => affine(x, kernels[0]!, biases[0]!, chunk));
      for (let i = 0; i < coefficients.rows; i++) {
        const c = coefficients.data.subarray(i * coefficients.columns, (i + 1) * coefficients.columns);
        combineTail(point, vectors, c, model);
        addChunk({ totals, ask, point: i }, model, loss, atPoint, first, c, targets);
      }
    });
  }
  return totals.evaluations({ overExamples, penalties: null });
}

function addChunk(
  { totals, ask, point }: { readonly totals: PointTotals; readonly ask: PointsAsk; readonly point: number },
  { dense }: MlpDescription,
  loss: LossName,
  weights: Weights,
  first: readonly ResidentMatrix[],
  c: Float64Array,
  targets: OutputTargets,
): void {
  withScope((scope) => {
    const a = scope.matrix(first[0]!.rows, first[0]!.columns);
    const parts = first.map(({ data }) => data);
    combineInto(a.data, parts, c, 0);
    activate(dense[0]!.activations, a.data);
    const outputs = forward(dense, weights, a, scope, 1);
    const { rows, labels } = targets;
    totals.add(point, exampleLosses(loss, outputs.data, targets), 0, rows, labels && { labels, from: 0 });
    if (ask.errors && labels) totals.addWrong(point, Math.round(rows * misclassified(outputs.data, targets)!));
  });
}

/** The parameters behind the first layer at a point. */
function combineTail(
  point: Float64Array,
  vectors: readonly Float64Array[],
  c: Float64Array,
  { layout, dense }: MlpDescription,
): void {
  const from = layout.blocks.find(({ layer }) => layer !== dense[0]!.name)?.offset ?? layout.dim;
  combineInto(point, vectors, c, from);
}

/** out ← parts₀ + Σ_j c_j parts_{j+1} from the given entry on. */
function combineInto(out: Float64Array, parts: readonly Float64Array[], c: Float64Array, from: number): void {
  const [origin, one, two] = parts;
  if (parts.length === 3) {
    // A plane, the usual case, in one pass over memory.
    const [a, b] = [c[0]!, c[1]!];
    for (let i = from; i < out.length; i++) out[i] = origin![i]! + a * one![i]! + b * two![i]!;
    return;
  }
  for (let i = from; i < out.length; i++) out[i] = origin![i]!;
  for (let j = 0; j < c.length; j++) {
    const [direction, weight] = [parts[j + 1]!, c[j]!];
    for (let i = from; i < out.length; i++) out[i] = out[i]! + weight * direction[i]!;
  }
}

function rowsOfTargets({ width, labels, values }: OutputTargets, from: number, rows: number): OutputTargets {
  return {
    rows,
    width,
    labels: labels?.subarray(from, from + rows) ?? null,
    values: values?.subarray(from * width, (from + rows) * width) ?? null,
  };
}
