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
  readonly signal?: { readonly aborted: boolean } | undefined;
}

const symmetric = (half: number): Extent => ({ low: -half, high: half });
/** The other point at 1, and as much beyond both ends. */
const pastBoth: Extent = { low: -0.5, high: 1.5 };

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
  { parameters, plane, loss, spanned, path, counts, signal }: AxesWanted,
): Promise<Axes> {
  const asked = extents(parameters.extent, sizes.length);
  const kinds = spanOf(plane, sizes.length as 1 | 2 | 3);
  const own = kinds.map((kind, k) =>
    asked ? endsOf(asked[k]!) : ownExtent(kind, k, loss, parameters.rise, spanned, path),
  );
  const open = own.flatMap((extent, k) => (extent === null ? [k] : []));
  if (open.length > 0) {
    const along = open.map((k) => directions[k]!);
    const { value, stats } = await riseExtents(objective, theta, along, loss, { rise: parameters.rise, signal });
    counts.losses += stats.losses;
    for (const [i, k] of open.entries()) own[k] = value[i]!;
  }
  return own.map((extent, k) => evenlySpaced(extent!.low, extent!.high, sizes[k]!));
}

const endsOf = (extent: AxisExtent): Extent | null => (extent.kind === 'rise' ? null : extent);

function ownExtent(
  kind: DirectionKind,
  k: number,
  loss: number,
  rise: number,
  { directions }: Directions,
  path: ProjectedTrajectory | null,
): Extent | null {
  switch (kind) {
    case 'random':
      return symmetric(1);
    case 'difference':
    case 'third':
      return pastBoth;
    case 'pca':
      return path ? pathExtent(path.coordinates[k]!) : symmetric(1);
    case 'eigen':
    case 'lowest':
    case 'gauss-newton': {
      const { eigenvalue, norm } = directions[k]!;
      const { low, high } = quadraticExtent(eigenvalue ?? 1, loss, rise);
      return { low: low / norm, high: high / norm };
    }
    default:
      return null;
  }
}
