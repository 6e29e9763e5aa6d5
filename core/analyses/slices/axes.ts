import type { Axes } from '../../fields/grid.ts';
import type { Objective } from '../../objective/objective.ts';
import { type DirectionKind, type Directions, spanOf } from './directions/directions.ts';
import { type Extent, pathExtent, quadraticExtent, riseExtents } from './extent.ts';
import { evenlySpaced } from './grid-order.ts';
import { type AxisExtent, extents } from './grid-text.ts';
import type { ProjectedTrajectory } from './projection.ts';
import type { SliceParameters } from './slice-parameters.ts';

export interface AxesWanted {
  readonly parameters: Pick<SliceParameters, 'extent' | 'rise'>;
  readonly plane: string;
  /** At the centre. */
  readonly loss: number;
  readonly spanned: Directions;
  readonly path: ProjectedTrajectory | null;
  /** Losses that the search for the ends takes are added here. */
  readonly counts: { losses: number };
  /** What is unusual about the ends is added here, a sentence each. */
  readonly warnings: string[];
  readonly signal?: { readonly aborted: boolean } | undefined;
}

const symmetric = (half: number): Extent => ({ low: -half, high: half });
/** The other point at 1 and about half as much beyond both ends, so that 0 and 1 are points of the grid. */
function pastBoth(size: number): Extent {
  const beyond = size < 4 ? 0 : Math.round((size - 1) / 4);
  const spacing = 1 / (size - 1 - 2 * beyond);
  return { low: -beyond * spacing, high: 1 + beyond * spacing };
}

/** No end is further away than that, in lengths of θ. */
const longestReach = 10;

/**
 * The coordinates of the grid along each direction. Where no extent is asked for: ±1 for random directions; the path with
 * a margin for principal ones; from before this point to past the other for differences; where the quadratic model has
 * risen for eigenvectors; where the loss itself has risen for all others. Cost: the losses of the search for a rise.
 */
export async function sliceAxes<V>(
  objective: Objective<V>,
  theta: V,
  directions: readonly V[],
  sizes: readonly number[],
  { parameters, plane, loss, spanned, path, counts, warnings, signal }: AxesWanted,
): Promise<Axes> {
  const asked = extents(parameters.extent, sizes.length);
  const kinds = spanOf(plane, sizes.length as 1 | 2 | 3);
  const { space } = objective;
  const length = Math.sqrt((await space.dots([theta], theta))[0] ?? 0);
  const known = { loss, rise: parameters.rise, spanned, path, longest: longestReach * Math.max(length, 1) };
  const own = kinds.map((kind, k) => (asked ? endsOf(asked[k]!) : ownExtent(kind, k, sizes[k]!, known)));
  const open = own.flatMap((extent, k) => (extent === null ? [k] : []));
  if (open.length > 0) {
    const along = open.map((k) => directions[k]!);
    const { value, stats } = await riseExtents(objective, theta, along, loss, { rise: parameters.rise, signal });
    counts.losses += stats.losses;
    for (const [i, k] of open.entries()) {
      own[k] = value[i]!;
      if (!value[i]!.reached.every(Boolean)) warnings.push(notReached(k, parameters.rise));
    }
  }
  return own.map((extent, k) => evenlySpaced(extent!.low, extent!.high, sizes[k]!));
}

const endsOf = (extent: AxisExtent): Extent | null => (extent.kind === 'rise' ? null : extent);

interface KnownOfAxes {
  readonly loss: number;
  readonly rise: number;
  readonly spanned: Directions;
  readonly path: ProjectedTrajectory | null;
  /** In parameter length. */
  readonly longest: number;
}

/** Null where the ends have to be searched for. */
function ownExtent(
  kind: DirectionKind,
  k: number,
  size: number,
  { loss, rise, spanned: { directions }, path, longest }: KnownOfAxes,
): Extent | null {
  switch (kind) {
    case 'random':
      return symmetric(1);
    case 'difference':
    case 'third':
      return pastBoth(size);
    case 'pca':
      return path ? pathExtent(path.coordinates[k]!) : symmetric(1);
    case 'eigen':
    case 'lowest':
    case 'gauss-newton': {
      const { eigenvalue, norm } = directions[k]!;
      if (eigenvalue === null) return null;
      return symmetric(Math.min(quadraticExtent(eigenvalue, loss, rise).high, longest) / norm);
    }
    default:
      return null;
  }
}

const notReached = (k: number, rise: number): string =>
  `Along ${['α', 'β', 'γ'][k]} the loss does not rise by a factor of ${1 + rise} within ${longestReach} lengths of θ: the axis ends there.`;
