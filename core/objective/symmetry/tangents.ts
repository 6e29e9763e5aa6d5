import type { Objective } from '../objective.ts';
import { eachPlace } from './block-part.ts';
import { linearMixings, mixingTangent } from './linear-mixing.ts';
import { type ScaleGenerator, scaleGenerators } from './scale-generators.ts';

export type SymmetryKind = 'linear mixing' | ScaleGenerator['kind'];

/** d θ(s)/ds at s = 0 of a change that leaves the function as it is. */
export interface SymmetryTangent {
  readonly kind: SymmetryKind;
  /** As long as it is, not of unit length. */
  readonly vector: Float64Array;
  /** ‖t(a) − t(b)‖ ≤ it · ‖a − b‖: all tangents here are linear in θ. */
  readonly movesWith: 0 | 1;
  /** False where the function stays as it is only up to the ε of a normalisation. */
  readonly exact: boolean;
}

/**
 * The tangents at θ of the known continuous symmetries of a model: mixing of linear units by GL(h), rescaling of
 * homogeneous ones, batch normalisation where its statistics follow the weights, translation of logits. At a critical
 * point each is in the kernel of H. They may depend on each other: see `independentTangents`. Memory: one vector each, and
 * h² of them for h units between linear layers.
 */
export function symmetryTangents<V>(
  { graph, layout, convention }: Pick<Objective<V>, 'graph' | 'layout' | 'convention'>,
  theta: ArrayLike<number>,
  statisticsFollow = false,
): SymmetryTangent[] {
  if (!graph) return [];
  const mixings = linearMixings(graph, layout).flatMap((mixing) =>
    Array.from({ length: mixing.units ** 2 }, (_, at): SymmetryTangent => {
      const [to, from] = [Math.floor(at / mixing.units), at % mixing.units];
      return { kind: 'linear mixing', vector: mixingTangent(mixing, theta, to, from), movesWith: 1, exact: true };
    }),
  );
  const scales = scaleGenerators(graph, layout, convention, statisticsFollow).map(
    (generator): SymmetryTangent => ({
      kind: generator.kind,
      vector: vectorOf(generator, theta),
      movesWith: generator.parts.every(({ constant }) => constant) ? 0 : 1,
      exact: generator.kind !== 'batch normalisation',
    }),
  );
  return [...mixings, ...scales];
}

function vectorOf({ parts }: ScaleGenerator, theta: ArrayLike<number>): Float64Array {
  const vector = new Float64Array(theta.length);
  for (const { part, sign, constant } of parts)
    eachPlace(part, (i) => {
      vector[i]! += constant ? sign : sign * theta[i]!;
    });
  return vector;
}

export interface IndependentTangents {
  /** Chosen among those given, in the order chosen. */
  readonly tangents: readonly SymmetryTangent[];
  /** Orthonormal; the first k span the first k tangents. */
  readonly basis: readonly Float64Array[];
  /** R of tangents = basis · R, upper triangular, by columns: column j has j + 1 entries. */
  readonly coefficients: readonly Float64Array[];
}

/** Tangents that stand out less than this share of the longest from the span of the others are dropped. */
const cut = 1e-6;

/**
 * A basis of the span of the tangents among themselves: Gram–Schmidt, twice, with the longest remainder next (Businger and
 * Golub 1965); of equal ones the first. What is shorter than 1e-6 of the longest is taken for zero, so that near a point
 * where an orbit loses dimensions the tangents of that point are chosen. Cost: m k p operations for m tangents of rank k.
 */
export function independentTangents(tangents: readonly SymmetryTangent[]): IndependentTangents {
  const left = tangents.map((tangent) => ({ tangent, rest: tangent.vector.slice(), along: [] as number[] }));
  const longest = Math.max(0, ...left.map(({ rest }) => length(rest)));
  const chosen: SymmetryTangent[] = [];
  const basis: Float64Array[] = [];
  const coefficients: Float64Array[] = [];
  while (left.length > 0) {
    let at = 0;
    // Remainders equal up to rounding are ties: the first is taken.
    const lengths = left.map(({ rest }) => length(rest));
    lengths.forEach((one, i) => {
      if (one > lengths[at]! * (1 + 1e-12)) at = i;
    });
    if (!(lengths[at]! > cut * longest)) break;
    const [next] = left.splice(at, 1);
    const { tangent, rest, along } = next!;
    basis.forEach((unit, j) => {
      along[j]! += subtractAlong(rest, unit);
    });
    const size = length(rest);
    const unit = rest.map((x) => x / size);
    chosen.push(tangent);
    basis.push(unit);
    coefficients.push(Float64Array.of(...along, size));
    for (const other of left) other.along.push(subtractAlong(other.rest, unit));
  }
  return { tangents: chosen, basis, coefficients };
}

/** x ← x − ⟨u, x⟩ u; the coefficient. */
function subtractAlong(x: Float64Array, unit: Float64Array): number {
  let along = 0;
  for (let i = 0; i < x.length; i++) along += x[i]! * unit[i]!;
  for (let i = 0; i < x.length; i++) x[i]! -= along * unit[i]!;
  return along;
}

function length(x: Float64Array): number {
  let square = 0;
  for (let i = 0; i < x.length; i++) square += x[i]! * x[i]!;
  return Math.sqrt(square);
}
