import { tridiagonalEigen } from '../dense/tridiagonal-eigen.ts';
import type { SpectralQuadrature } from './spectral-quadrature.ts';

/** Lower and upper bound of one quantity. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/** A quadrature with one node prescribed: that many of its nodes lie below it, that many below or at it. */
export interface PrescribedQuadrature {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
  readonly below: number;
  readonly through: number;
}

/**
 * The quadrature with a node at x and m further ones, exact up to degree 2m: the tridiagonal matrix gets one more row whose
 * diagonal entry x + βₘ²/dₘ makes x an eigenvalue, dₘ the last pivot of T − x (Golub 1973). With x at or beyond an end of
 * the spectrum it is Gauss–Radau's. Where x is a node of the Gauss quadrature, or where the space has closed, it is that
 * one itself. Cost: 20 m² operations.
 */
export function prescribedQuadrature(q: SpectralQuadrature, x: number): PrescribedQuadrature {
  const { alpha, beta, nodes, weights } = q;
  const m = alpha.length;
  const coupling = beta[m - 1]!;
  const size = Math.max(Math.abs(x), Math.abs(nodes[0]!), Math.abs(nodes[m - 1]!), coupling);
  const rounding = 4 * Number.EPSILON * size;
  const least = Number.EPSILON * rounding || Number.MIN_VALUE;
  let pivot = 1;
  let below = 0;
  for (let j = 0; j < m; j++) {
    pivot = alpha[j]! - x - (j === 0 ? 0 : beta[j - 1]! ** 2 / pivot);
    if (Math.abs(pivot) < least) pivot = least;
    if (pivot < 0) below++; // by inertia as many eigenvalues lie below x
  }
  const corner = x + coupling ** 2 / pivot;
  if (coupling === 0 || !(Math.abs(corner) * Number.EPSILON < size)) {
    const count = (limit: number) => nodes.filter((node) => node <= limit).length;
    return { nodes, weights, below: count(x - rounding), through: count(x + rounding) };
  }
  const { values, vectors } = tridiagonalEigen(Float64Array.of(...alpha, corner), beta, 'first');
  return { nodes: values, weights: vectors.map((first) => first * first), below, through: below + 1 };
}

/**
 * Bounds of μ((−∞, x)) and of μ((−∞, x]), both, for the spectral measure μ of one start (Chebyshev–Markov–Stieltjes
 * inequalities: Szegő 1939 §3.41; Karlin and Studden 1966): in the quadrature that has a node at x, the weights before
 * that node, and the weights up to it. They are the best that the moments up to degree 2m allow, and rigorous in exact
 * arithmetic; rounding is met by looking `nodeError` further left for the lower and further right for the upper one.
 *
 * In a gap of the spectrum they close exponentially with the steps; on an eigenvalue they are as far apart as its mass.
 */
export function cumulativeBounds(q: SpectralQuadrature, x: number): Bounds {
  const left = prescribedQuadrature(q, x - q.nodeError);
  const right = q.nodeError === 0 ? left : prescribedQuadrature(q, x + q.nodeError);
  const lower = Math.min(1, sum(left.weights, left.below));
  return { lower, upper: Math.max(lower, Math.min(1, sum(right.weights, right.through))) };
}

/**
 * The largest mass that a measure with these moments up to degree 2m can have at x, the weight of the prescribed node:
 * Christoffel's 1/Σ pₖ(x)² over the orthonormal polynomials p₀ … pₘ (Szegő 1939 §3.4), by the three-term recurrence,
 * which is stable beyond the nodes. Cost: 6 m operations.
 */
export function largestMass({ alpha, beta }: SpectralQuadrature, x: number): number {
  let before = 0;
  let here = 1;
  let squares = 1;
  for (let k = 0; k < alpha.length; k++) {
    const next = ((x - alpha[k]!) * here - (k > 0 ? beta[k - 1]! : 0) * before) / beta[k]!;
    [before, here] = [here, next];
    squares += next * next;
    // Beyond all numbers, or a closed space that has no further polynomial.
    if (!(squares < 1e280)) return 0;
  }
  return 1 / squares;
}

/** Bounds of the distribution function, rising with x: at x the last of `lower` at or before it, the first of `upper` at or after it. */
export interface BoundSteps {
  readonly x: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Beyond the outermost nodes, in mean distances of nodes: there the bounds fall to 0 and 1. */
const beyond = [0.2, 1];
/** So many gaps between nodes are looked into: those beside the largest weights, where the nodes alone leave most open. */
const gapLimit = 16;

/**
 * The bounds at the nodes, in the middle of the gaps beside the heaviest of them and a little beyond the outermost: between,
 * the distribution function rises, so that they bound it everywhere at a fraction of the cost of as many points of a
 * curve. Rounding of x by `nodeError` moves lower bounds to the right and upper ones to the left. Beyond the nodes all mass
 * lies on one side, and `largestMass` is the bound. Cost: 320 m² operations.
 */
export function cumulativeBoundSteps(q: SpectralQuadrature): BoundSteps {
  const { nodes, weights, nodeError } = q;
  const m = nodes.length;
  const isClosed = q.beta[m - 1] === 0;
  const distance = (nodes[m - 1]! - nodes[0]!) / m;
  const points: (Bounds & { readonly x: number })[] = [];
  const note = (x: number, lower: number, upper: number) => {
    points.push({ x: x - nodeError, lower: 0, upper }, { x: x + nodeError, lower, upper: 1 });
  };
  const look = (x: number) => {
    const prescribed = prescribedQuadrature(q, x);
    note(x, sum(prescribed.weights, prescribed.below), sum(prescribed.weights, prescribed.through));
  };
  let total = 0;
  for (let k = 0; k < m; k++) {
    // At a node of its own the quadrature needs no further one; a closed space knows that its nodes are eigenvalues.
    const through = total + weights[k]!;
    note(nodes[k]!, isClosed ? through : total, through);
    total = through;
  }
  for (const k of heaviestGaps(weights)) look((nodes[k]! + nodes[k + 1]!) / 2);
  for (const share of distance > 0 ? beyond : []) {
    const [left, right] = [nodes[0]! - share * distance, nodes[m - 1]! + share * distance];
    note(left, 0, largestMass(q, left));
    note(right, 1 - largestMass(q, right), 1);
  }
  points.sort((a, b) => a.x - b.x);
  return rising(points);
}

/** The gaps k … k + 1 with the largest weights on both sides together. */
function heaviestGaps(weights: Float64Array): number[] {
  const gaps = Array.from({ length: weights.length - 1 }, (_, k) => k);
  const weight = (k: number) => weights[k]! + weights[k + 1]!;
  return gaps.sort((a, b) => weight(b) - weight(a)).slice(0, gapLimit);
}

function rising(points: readonly (Bounds & { readonly x: number })[]): BoundSteps {
  const x = Float64Array.from(points, (point) => point.x);
  const lower = Float64Array.from(points, (point) => Math.min(1, point.lower));
  const upper = Float64Array.from(points, (point) => Math.min(1, point.upper));
  for (let i = 1; i < x.length; i++) lower[i] = Math.max(lower[i]!, lower[i - 1]!);
  for (let i = x.length - 2; i >= 0; i--) upper[i] = Math.min(upper[i]!, upper[i + 1]!);
  return { x, lower, upper };
}

/** The bounds of `steps` at ascending points. */
export function boundsAt(steps: BoundSteps, points: Float64Array): { lower: Float64Array; upper: Float64Array } {
  const lower = new Float64Array(points.length);
  const upper = new Float64Array(points.length).fill(1);
  let next = 0;
  points.forEach((point, i) => {
    while (next < steps.x.length && steps.x[next]! < point) next++;
    if (next > 0) lower[i] = steps.lower[next - 1]!;
    if (next < steps.x.length) upper[i] = steps.upper[next]!;
  });
  return { lower, upper };
}

function sum(weights: Float64Array, count: number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += weights[i]!;
  return total;
}
