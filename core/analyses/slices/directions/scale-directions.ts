import { dot, norm } from '../../../linalg/spaces/host-products.ts';
import type { HostVector } from '../../../linalg/vector-space.ts';
import { eachPlace } from '../../../objective/symmetry/block-part.ts';
import type { ScaleGenerator } from '../../../objective/symmetry/scale-generators.ts';

export interface ScalesRemoved {
  readonly vector: Float64Array;
  /** ‖removed part‖² / ‖d‖² */
  readonly share: number;
  /** max |cos| between what is left and a generator. */
  readonly residual: number;
}

const tolerance = 1e-13;
const mostSteps = 1000;

/**
 * A direction less its least-squares part in the span of the generators, by conjugate gradients on the normal equations
 * (CGLS; Hestenes, Stiefel 1952) with generators scaled to length 1, which are never held as vectors. Blocks named in
 * `untouched` (where the direction is zero and is to stay so) are left alone: what remains is orthogonal to the whole
 * generators all the same. Cost: two passes over θ a step; generators of neighbouring layers overlap, others do not.
 */
export function withoutScales(
  direction: Float64Array,
  theta: HostVector,
  generators: readonly ScaleGenerator[],
  untouched: ReadonlySet<string>,
): ScalesRemoved {
  const span = unitGenerators(generators, theta, untouched);
  const rest = direction.slice();
  const wanted = norm(direction);
  let slope = span.project(rest);
  let search = slope.slice();
  let size = dot(slope, slope);
  for (let step = 0; step < mostSteps && Math.sqrt(size) > tolerance * wanted; step++) {
    const image = span.combine(search);
    const length = dot(image, image);
    if (!(length > 0)) break;
    const a = size / length;
    for (let i = 0; i < rest.length; i++) rest[i]! -= a * image[i]!;
    slope = span.project(rest);
    const next = dot(slope, slope);
    search = search.map((x, k) => slope[k]! + (next / size) * x);
    size = next;
  }
  const left = norm(rest);
  const residual = left > 0 ? unitGenerators(generators, theta, new Set()).project(rest).reduce(largest, 0) / left : 0;
  return { vector: rest, share: wanted > 0 ? Math.max(0, 1 - (left / wanted) ** 2) : 0, residual };
}

const largest = (most: number, x: number) => Math.max(most, Math.abs(x));

/** The generators at length 1 as a matrix of columns; those of no length are zero columns. */
function unitGenerators(generators: readonly ScaleGenerator[], theta: HostVector, untouched: ReadonlySet<string>) {
  const columns = generators.map(({ parts }) => parts.filter(({ block }) => !untouched.has(block.name)));
  const each = (k: number, visit: (place: number, value: number) => void) => {
    for (const { part, sign, constant } of columns[k]!)
      eachPlace(part, (i) => visit(i, constant ? sign : sign * theta[i]!));
  };
  const scales = columns.map((_, k) => {
    let square = 0;
    each(k, (_place, value) => {
      square += value * value;
    });
    return square > 0 ? 1 / Math.sqrt(square) : 0;
  });
  return {
    /** Gᵀ x */
    project: (x: Float64Array): Float64Array =>
      Float64Array.from(columns, (_, k) => {
        let sum = 0;
        each(k, (i, value) => {
          sum += value * x[i]!;
        });
        return sum * scales[k]!;
      }),
    /** G c */
    combine: (c: Float64Array): Float64Array => {
      const out = new Float64Array(theta.length);
      columns.forEach((_, k) => {
        const factor = c[k]! * scales[k]!;
        each(k, (i, value) => {
          out[i]! += factor * value;
        });
      });
      return out;
    },
  };
}
