import { lanczos } from '../../linalg/eigenpairs/lanczos.ts';
import type { LinearOperator } from '../../linalg/linear-operator.ts';
import type { Status } from '../../linalg/result.ts';
import type { HostVector, VectorSpace } from '../../linalg/vector-space.ts';
import type { Random } from '../../random/random.ts';

/** What one measurement leaves for the next: plain data. */
export interface WarmStart<V> {
  /** The leading Ritz vectors, orthonormal, in memory of their own; the second may be older than the first. */
  readonly vectors: readonly V[];
  /** Measurements since the second vector was renewed. */
  readonly age: number;
}

export interface ExtremeEigenvalueOptions<V> {
  readonly end: 'top' | 'bottom';
  readonly rng: Random;
  /** Of an earlier point; null = a random start. */
  readonly start: WarmStart<V> | null;
  /** Wanted ‖H v − λ v‖ / |λ|. */
  readonly residualTol: number;
  readonly maxProducts: number;
  readonly signal?: AbortSignal | undefined;
}

export interface ExtremeEigenvalue<V> {
  readonly value: number;
  /** ‖H v − λ v‖. */
  readonly residual: number;
  readonly status: Status;
  /** For the next measurement; null where nothing usable was found. */
  readonly next: WarmStart<V> | null;
}

/** Following λ₂ as closely as λ₁ would double the products of a warm start. */
const renewEvery = 5;
/** Length of the random part of a warm start, in units of a Ritz vector: what rises from the bulk is met through it. */
const freshShare = 0.1;
/** Cosine of the angle between warm start and eigenvector above which the start holds next to nothing of the other one. */
const alone = 0.95;

/**
 * λ_max or λ_min by Lanczos from where it was last time: the sum of the two leading vectors and a little of a random one.
 * An old eigenvector alone would be a Krylov space of its own, and λ₂ could never overtake; so the second pair is
 * converged too, in every fifth measurement, and between them the second vector is what the plane of the two before has
 * at a right angle to the first.
 *
 * The sum itself is an eigenvector where two eigenvalues meet, for every vector of their plane is one: then it is found
 * again, and next time the sum with its partner is one of the two that part, alone. So where the start comes back as the
 * answer, its partner is a start of its own, and the better of both answers counts.
 *
 * Cost: 4 to 10 products where θ moved little, twice that at a crossing, else as from a random start.
 */
export async function extremeEigenvalue<V extends HostVector>(
  operator: LinearOperator<V>,
  options: ExtremeEigenvalueOptions<V>,
): Promise<ExtremeEigenvalue<V>> {
  const { space } = operator;
  const { end, rng, start, residualTol, maxProducts } = options;
  const renews = start === null || start.age + 1 >= renewEvery || start.vectors.length < 2;
  const wanted = Math.min(renews ? 2 : 1, space.dim);
  const fresh = space.random(rng.split('fresh part'), 'sphere');
  const from = start === null ? [fresh] : [...start.vectors, space.scale(fresh, freshShare)];
  let found = await leadingPairs(operator, options, { wanted, from, maxProducts });
  const left = maxProducts - found.products;
  if (!renews && found.best !== null && left > 2 && (await isSum(space, start.vectors, found.vectors[0]!))) {
    const partner = await perpendicular(space, start.vectors, found.vectors[0]!);
    const other = await leadingPairs(operator, options, { wanted, from: [partner, fresh], maxProducts: left });
    const isBetter = other.best !== null && (end === 'top' ? 1 : -1) * (other.best.value - found.best.value) > 0;
    if (isBetter || other.status === 'cancelled') found = other;
  }
  space.release(fresh);
  const { best, vectors, status } = found;
  if (best === null) return { value: Number.NaN, residual: Number.NaN, status, next: null };
  // The second pair is sought for the sake of the next start; that it is not there yet says nothing against the first.
  const reached = status === 'budgetSpent' && best.residual <= residualTol * Math.abs(best.value);
  return {
    ...best,
    status: reached ? 'converged' : status,
    next: renews
      ? { vectors, age: 0 }
      : { vectors: [...vectors, await perpendicular(space, start.vectors, vectors[0]!)], age: start.age + 1 },
  };
}

interface LeadingPairs<V> {
  /** Null where it is not finite. */
  readonly best: { readonly value: number; readonly residual: number } | null;
  /** In memory of their own. */
  readonly vectors: readonly V[];
  readonly status: Status;
  readonly products: number;
}

async function leadingPairs<V extends HostVector>(
  operator: LinearOperator<V>,
  { end, rng, residualTol, signal }: ExtremeEigenvalueOptions<V>,
  { wanted, from, maxProducts }: { readonly wanted: number; readonly from: readonly V[]; readonly maxProducts: number },
): Promise<LeadingPairs<V>> {
  const { value, status, stats } = await lanczos(operator, {
    top: end === 'top' ? wanted : 0,
    bottom: end === 'bottom' ? wanted : 0,
    rng,
    start: from,
    residualTol,
    maxProducts,
    eigenvectors: true,
    signal,
  });
  const pairs = value[end];
  const held = pairs.flatMap(({ vector }) => (vector === null ? [] : [vector]));
  const vectors = held.map((vector) => vector.slice() as V);
  operator.space.release(...held);
  const first = pairs[0];
  const best =
    first === undefined || !Number.isFinite(first.value) ? null : { value: first.value, residual: first.residual };
  return { best, vectors, status, products: stats.products };
}

/** Whether a unit vector is the sum of two orthonormal ones, up to length and sign. */
async function isSum<V extends HostVector>(space: VectorSpace<V>, pair: readonly V[], found: V): Promise<boolean> {
  const [first = 0, second = 0] = await space.dots(pair, found);
  return Math.abs(first + second) * Math.SQRT1_2 > alone;
}

/** The unit vector in the plane of two orthonormal ones that is perpendicular to `found`; the second where all of it is. */
async function perpendicular<V extends HostVector>(space: VectorSpace<V>, pair: readonly V[], found: V): Promise<V> {
  const [first = 0, second = 0] = await space.dots(pair, found);
  const length = Math.hypot(first, second);
  const weights = length > 0 ? Float64Array.of(-second / length, first / length) : Float64Array.of(0, 1);
  const vector = space.combine(pair, weights);
  const own = vector.slice() as V;
  space.release(vector);
  return own;
}
