import { type Axes, coordinatesOf, type Field } from './grid.ts';
import { type Branch, type MergeTree, mergeNodes, mergeTree, persistenceOf, simplified } from './merge-tree.ts';
import { type Neighbourhood, neighboursOf } from './neighbours.ts';
import { samplingErrorAt } from './sampling-error.ts';

/** What a feature of the grid says about the field. Each is told only if none before it holds. */
export const verdicts = ['below noise', 'below sampling', 'at the border', 'beyond noise and sampling'] as const;
export type Verdict = (typeof verdicts)[number];

/** An extremum and the pass that ends it. */
export interface PersistencePair {
  readonly extremum: number;
  /** The pass; for the oldest of a connected part the last point, see `essential`. */
  readonly end: number;
  /** Nothing takes it in: it lives through the whole known part of the grid. */
  readonly essential: boolean;
  readonly birth: number;
  readonly death: number;
  /** |death − birth| */
  readonly persistence: number;
  /** How much of it noise and sampling can make; see `judgedTree`. */
  readonly noise: number;
  readonly sampling: number;
  readonly verdict: Verdict;
}

export interface TreeNode {
  readonly point: number;
  readonly coordinates: readonly number[];
  readonly value: number;
  readonly kind: 'minimum' | 'saddle' | 'maximum';
  /** Of a pass the most persistent pair that ends there. */
  readonly persistence: number;
  readonly verdict: Verdict;
  /** Its place in `pairs`. */
  readonly pair: number;
  /** The next node on the way to the root, its place in `nodes`; −1 for a root. */
  readonly parent: number;
}

export interface JudgedTree {
  readonly kind: MergeTree['kind'];
  readonly neighbourhood: Neighbourhood;
  readonly pairs: readonly PersistencePair[];
  readonly nodes: readonly TreeNode[];
  /** Pairs below the wanted threshold: counted, not listed. */
  readonly dropped: number;
}

export interface JudgeOptions {
  /**
   * One standard error of the difference of two values over the same examples, or one of each value (a field: errors of
   * two points then add as if independent, too much where the same examples make both); null where values are exact.
   */
  readonly standardError: number | Float64Array | null;
  /** The arithmetic in which values were computed: differences below its rounding are noise. */
  readonly precision: 'float32' | 'float64';
  readonly neighbourhood?: Neighbourhood;
  /** Leave out pairs of less persistence. */
  readonly threshold?: number;
}

/** Of a tree in which any pair passes for a feature by noise alone. */
const chance = 0.05;

const roundings = { float32: 2 ** -23, float64: 2 ** -52 } as const;

/**
 * The merge tree of a field with a judgement of every feature.
 * - `below noise`: persistence ≤ z·s + ε(|birth| + |death|), where s is the standard error of the difference and ε the unit
 *   of rounding. Errors of a field change its persistences by no more than the largest difference between two of them
 *   (stability: Cohen-Steiner, Edelsbrunner and Harer 2007), so z = √(2 ln(n²/2/0.05)) bounds all n²/2 differences of n
 *   known points at once: by Gaussian tails at most one tree in twenty shows a feature that is not there, however errors
 *   are correlated. Exact for one number s; with an error for each value, those of the two points stand for all.
 * - `below sampling`: persistence ≤ the errors of interpolation beside both points (`samplingErrorAt`), or the feature is
 *   one single point of the grid. Between points the field may join what the grid keeps apart.
 * - `at the border`: a point of the pair touches the end of the grid or something unknown; it may be made by the window. Of
 *   an essential pair only the extremum counts: that the values have a lowest one is certain, and where they end is made
 *   by the window.
 * - `beyond noise and sampling` otherwise.
 *
 * What is narrower than the spacing and lies between points is in no list. O(n log n).
 */
export function judgedTree(axes: Axes, field: Field, kind: MergeTree['kind'], options: JudgeOptions): JudgedTree {
  const whole = mergeTree(axes, field, kind, options.neighbourhood ?? 'all');
  const tree = simplified(whole, field, options.threshold ?? 0);
  const known = whole.branches.reduce((sum, { into, size }) => sum + (into < 0 ? size : 0), 0);
  const judge = judgeOf(axes, field, known, options);
  const pairs = tree.branches.map(judge);
  const nodes = mergeNodes(tree).map(({ point, role, parent, branches }): TreeNode => {
    const pair = branches.reduce((most, one) => (pairs[one]!.persistence > pairs[most]!.persistence ? one : most));
    const { persistence, verdict } = pairs[pair]!;
    const lowEnd = (role === 'extremum') === (kind === 'join');
    return {
      point,
      coordinates: coordinatesOf(axes, point),
      value: field.values[point]!,
      kind: role === 'saddle' ? 'saddle' : lowEnd ? 'minimum' : 'maximum',
      persistence,
      verdict,
      pair,
      parent,
    };
  });
  const dropped = whole.branches.length - tree.branches.length;
  return { kind, neighbourhood: tree.neighbourhood, pairs, nodes, dropped };
}

function judgeOf(axes: Axes, field: Field, known: number, { standardError, precision }: JudgeOptions) {
  const samplingError = samplingErrorAt(axes, field);
  const atBorder = borderOf(axes, field);
  const z = Math.sqrt(2 * Math.log(Math.max(1, known ** 2 / 2) / chance));
  return (branch: Branch): PersistencePair => {
    const { extremum, end, size } = branch;
    const [birth, death] = [field.values[extremum]!, field.values[end]!];
    const essential = branch.into < 0;
    const persistence = persistenceOf(field, branch);
    const spread =
      standardError === null
        ? 0
        : typeof standardError === 'number'
          ? standardError
          : Math.hypot(standardError[extremum]!, standardError[end]!);
    // A standard error that is no number tells nothing, so nothing stands out of it.
    const noise = Number.isNaN(spread)
      ? Number.POSITIVE_INFINITY
      : z * spread + roundings[precision] * (Math.abs(birth) + Math.abs(death));
    const sampling = samplingError(extremum) + (essential ? 0 : samplingError(end));
    const verdict: Verdict =
      persistence <= noise
        ? 'below noise'
        : persistence <= sampling || size === 1
          ? 'below sampling'
          : atBorder(extremum) || (!essential && atBorder(end))
            ? 'at the border'
            : 'beyond noise and sampling';
    return { extremum, end, essential, birth, death, persistence, noise, sampling, verdict };
  };
}

/** Whether a point touches the end of the grid, or a point without a finite value. */
function borderOf(axes: Axes, { values, computed }: Field): (point: number) => boolean {
  const neighbours = neighboursOf(axes, 'all');
  const list = new Int32Array(neighbours.most);
  return (point) => {
    const count = neighbours.into(list, point);
    if (count < neighbours.most) return true;
    for (let n = 0; n < count; n++) if (computed[list[n]!] !== 1 || !Number.isFinite(values[list[n]!]!)) return true;
    return false;
  };
}
