import type { Objective } from '../../../objective/objective.ts';
import type { ParameterLayout } from '../../../objective/parameter-layout.ts';
import { type ScaleGenerator, scaleGenerators } from '../../../objective/symmetry/scale-generators.ts';
import type { DirectionKind } from './direction-kinds.ts';
import type { FoundDirection } from './found-direction.ts';
import { type BlockTreatment, type Normalization, normalisedDirection, treatmentOf } from './normalisation.ts';
import { withoutScales } from './scale-directions.ts';

export interface Scaling extends Omit<BlockTreatment, 'normalization'> {
  /**
   * `own`: filter for random directions, and the others as they are. Any other word holds for all directions, except
   * `none`, which leaves those that are not random as they are, biases and gains included.
   */
  readonly normalization: Normalization | 'own';
  /** Project out the directions along which the function does not change, after all scaling. */
  readonly removeScales: boolean;
}

export const ownScaling: Scaling = { normalization: 'own', biases: 'zero', gains: 'zero', removeScales: false };

/** How many generators of function-preserving changes were removed. */
export interface RemovedScales {
  readonly rescalings: number;
  readonly normalised: number;
  readonly translations: number;
  /** ‖removed part‖² / ‖d‖² of each direction. */
  readonly shares: readonly number[];
  /** max |cos| between what is left and a generator. */
  readonly residual: number;
}

/** A direction as it is used. */
export interface ScaledDirection {
  readonly vector: Float64Array;
  readonly about: FoundDirection['about'];
}

export interface ScaledDirections {
  readonly scaled: readonly ScaledDirection[];
  /** What `removeScales` removed; null where it was not asked. */
  readonly scales: RemovedScales | null;
  readonly warnings: readonly string[];
}

/** Whether a direction of this kind is scaled at all, and how. */
function normalizationOf(kind: DirectionKind, { normalization }: Scaling): Normalization | null {
  if (kind === 'random') return normalization === 'own' ? 'filter' : normalization;
  return normalization === 'own' || normalization === 'none' ? null : normalization;
}

/**
 * Directions scaled as asked and, where asked, without their scale directions. What is changed is renamed and loses its
 * eigenvalue, residual and share, and a warning says what it no longer is. Directions without a vector become zero.
 */
export function scaledDirections<V>(
  kinds: readonly DirectionKind[],
  found: readonly FoundDirection[],
  scaling: Scaling,
  point: Point<V>,
): ScaledDirections {
  const normalised = found.map((direction, k) => normalisedAs(direction, kinds[k]!, scaling, point));
  const changed = kinds.filter((kind) => kind !== 'random').filter((kind) => normalizationOf(kind, scaling));
  const warnings = changed.map(
    (kind) => `The direction is ${scaling.normalization}-normalised and no longer ${lost[kind]}.`,
  );
  if (!scaling.removeScales) return { scaled: normalised, scales: null, warnings: [...new Set(warnings)] };
  const removed = withoutItsScales(normalised, kinds, scaling, point);
  return { ...removed, warnings: [...new Set([...warnings, ...removed.warnings])] };
}

interface Point<V> {
  readonly objective: Objective<V>;
  readonly origin: Float64Array;
  readonly statisticsFollow?: boolean | undefined;
}

function normalisedAs<V>(
  { vector, about }: FoundDirection,
  kind: DirectionKind,
  scaling: Scaling,
  { origin, objective }: Point<V>,
): ScaledDirection {
  if (vector === null) return { vector: new Float64Array(origin.length), about };
  const normalization = normalizationOf(kind, scaling);
  if (normalization === null) return { vector, about };
  const treated = normalisedDirection(vector, origin, objective.layout, { ...scaling, normalization });
  return {
    vector: treated,
    about: normalization === 'none' ? about : changedTo(`${normalization}-normalised ${about.kind}`),
  };
}

const changedTo = (kind: string): FoundDirection['about'] => ({
  kind,
  eigenvalue: null,
  residual: null,
  explained: null,
});

/** What a direction of a kind no longer is once it is changed. */
const lost: Readonly<Record<Exclude<DirectionKind, 'random'>, string>> = {
  pca: 'a principal direction',
  eigen: 'an eigenvector',
  lowest: 'an eigenvector',
  'gauss-newton': 'an eigenvector',
  gradient: 'the gradient',
  'hessian-gradient': 'the Hessian image of the gradient',
  difference: 'the difference of the points',
  third: 'the difference of the points',
  moment: 'the first moment',
  update: 'the update',
  file: 'the vector of the file',
};

/** Above this share of the removed a direction is no longer what it was found to be. */
const noticeable = 1e-6;

function withoutItsScales<V>(
  directions: readonly ScaledDirection[],
  kinds: readonly DirectionKind[],
  scaling: Scaling,
  { objective, origin, statisticsFollow = false }: Point<V>,
): ScaledDirections {
  const { graph, layout, convention } = objective;
  const generators = graph ? scaleGenerators(graph, layout, convention, statisticsFollow) : [];
  const warnings: string[] = [];
  if (generators.length === 0)
    warnings.push('No function-preserving scale directions are known of this model: none were removed.');
  const shares: number[] = [];
  let residual = 0;
  const scaled = directions.map(({ vector, about }, k) => {
    const kind = kinds[k]!;
    const removed = withoutScales(vector, origin, generators, zeroedBlocks(kind, scaling, layout));
    shares.push(removed.share);
    residual = Math.max(residual, removed.residual);
    if (removed.share <= noticeable) return { vector: removed.vector, about };
    if (kind !== 'random') warnings.push(`The direction is without its scale directions and no longer ${lost[kind]}.`);
    return { vector: removed.vector, about: changedTo(`${about.kind} without scales`) };
  });
  const count = (kind: ScaleGenerator['kind']) => generators.filter((one) => one.kind === kind).length;
  const scales = {
    rescalings: count('rescaling'),
    normalised: count('batch normalisation'),
    translations: count('translation'),
    shares,
    residual,
  };
  return { scaled, scales, warnings };
}

/** Blocks that the scaling of a direction has set to zero. */
function zeroedBlocks(kind: DirectionKind, scaling: Scaling, { blocks }: ParameterLayout): ReadonlySet<string> {
  const normalization = normalizationOf(kind, scaling);
  if (normalization === null) return new Set();
  const zeroed = blocks.filter((block) => treatmentOf(block, { ...scaling, normalization }) === 'zero');
  return new Set(zeroed.map(({ name }) => name));
}
