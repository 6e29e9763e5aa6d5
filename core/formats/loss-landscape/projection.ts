import { FormatError } from '../format-error.ts';
import type { FilePath, LandscapeFile } from '../landscape-file.ts';
import type { DirectionFile } from './directions.ts';
import { group, type Hdf5Group, numbersAt } from './hdf5-tree.ts';
import { ourGroup, pathGroup } from './our-group.ts';
import { pathOf } from './read-surface.ts';

/** How the tool has projected: lengths along each direction by itself, or least squares in multiples of both. */
export type ProjectionMethod = 'cos' | 'lstsq';

export interface ProjectionFile {
  readonly path: FilePath;
  readonly announcements: readonly string[];
}

type Axes2 = Pick<DirectionFile, 'norms' | 'cosine'>;

export const isProjectionTree = (tree: Hdf5Group): boolean => tree.members.has('proj_xcoord');

/** The method out of the name that the tool gives the file, `…_proj_cos.h5`; 'cos' is all that its programs ever use. */
export const methodOfName = (name: string): ProjectionMethod => (/_proj_lstsq\b/.test(name) ? 'lstsq' : 'cos');

/**
 * The projection file of loss-landscape (projection.py), measured from the last checkpoint. 'lstsq' holds multiples of the
 * directions. 'cos' holds c_k = ⟨w, d_k⟩/‖d_k‖, lengths, along each direction as if the other were not there; with the
 * directions, the least-squares multiples follow from G a = (c_k ‖d_k‖)_k with the Gram matrix G, and that is what comes
 * back. Without them the numbers come back as they are, and that is announced. Throws FormatError.
 */
export function readProjection(tree: Hdf5Group, method: ProjectionMethod, directions: Axes2 | null): ProjectionFile {
  const [x, y] = ['proj_xcoord', 'proj_ycoord'].map((name) => numbersAt(tree, name)?.data ?? null);
  if (!x) throw new FormatError('landscape-projection', 'The file has no proj_xcoord.');
  if (y && y.length !== x.length)
    throw new FormatError(
      'landscape-projection',
      `The file has ${x.length} x coordinates and ${y.length} y coordinates.`,
    );
  const ours = pathOf(tree, y ? 2 : 1);
  const raw = y ? [x, y] : [x];
  const { coordinates, announcements } =
    method === 'lstsq' ? { coordinates: raw, announcements: [] } : inMultiples(raw, directions);
  const steps = ours?.steps ?? Array.from(x, (_, i) => i);
  if (ours === null)
    announcements.push(
      'The file does not say which steps its points are (they are numbered here), how far they lie from the plane, nor their losses; they are measured from the last checkpoint.',
    );
  return {
    path: { steps, coordinates, distance: ours?.distance ?? null, loss: ours?.loss ?? null },
    announcements,
  };
}

function inMultiples(
  raw: Float64Array[],
  directions: Axes2 | null,
): { coordinates: Float64Array[]; announcements: string[] } {
  if (directions === null)
    return {
      coordinates: raw,
      announcements: [
        'The path is in units of parameter length along each direction (the tool’s “cos”), not in multiples of the directions as the axes are: give the direction file to draw it in its place.',
      ],
    };
  const { norms, cosine } = directions;
  if (norms.length < raw.length || norms.includes(0))
    throw new FormatError(
      'landscape-direction',
      `The path has ${raw.length} coordinates, and the file ${norms.length} directions with a length.`,
    );
  const [x, y] = raw as [Float64Array, Float64Array | undefined];
  if (y === undefined) return { coordinates: [x.map((c) => c / norms[0]!)], announcements: [lengths] };
  const c = cosine ?? 0;
  const sine2 = (1 - c) * (1 + c);
  if (sine2 < 1e-12)
    throw new FormatError('landscape-direction', 'Both directions are the same line; no plane has such a path.');
  // G a = (c_k ‖d_k‖) with G = [[‖d₁‖², c‖d₁‖‖d₂‖], …]: a₁ = (x − c y)/(‖d₁‖ sin²), a₂ = (y − c x)/(‖d₂‖ sin²).
  const coordinates = [
    x.map((value, i) => (value - c * y[i]!) / (norms[0]! * sine2)),
    y.map((value, i) => (value - c * x[i]!) / (norms[1]! * sine2)),
  ];
  const tilted = Math.abs(c) < 1e-3 ? [] : [skewed(c)];
  return { coordinates, announcements: [lengths, ...tilted] };
}

const lengths =
  'The tool’s “cos” projection is in units of parameter length; here it is in multiples of the directions, as the axes are.';
const skewed = (cosine: number): string =>
  `The directions are not orthogonal (cosine ${cosine.toPrecision(3)}), so the tool’s “cos” coordinates are not those of the nearest point of the plane; the least-squares ones were computed from them.`;

/**
 * A projection file as the tool reads it: proj_xcoord and proj_ycoord in multiples of the directions ('lstsq'), or in
 * lengths ('cos') c₁ = ‖d₁‖a₁ + cos ‖d₂‖a₂. What the tool has no place for lies in the group `saddlescope`.
 */
export function projectionTree(path: FilePath, method: ProjectionMethod, directions: Axes2): Hdf5Group {
  const [a, b] = path.coordinates as readonly [Float64Array, Float64Array | undefined];
  const [n, m] = directions.norms as readonly [number, number | undefined];
  const c = directions.cosine ?? 0;
  const [x, y] =
    method === 'lstsq'
      ? [a, b]
      : [a.map((value, i) => n * value + (b ? c * m! * b[i]! : 0)), b?.map((value, i) => m! * value + c * n * a[i]!)];
  return group({ proj_xcoord: x, proj_ycoord: y ?? null, [ourGroup]: group({ path: pathGroup(path) }) });
}

/** A surface with the directions of its direction file: their tensors and lengths. */
export function withDirections(surface: LandscapeFile, file: DirectionFile): LandscapeFile {
  if (file.directions.length < surface.axes.length)
    throw new FormatError(
      'landscape-direction',
      `The surface has ${surface.axes.length} axes, the direction file ${file.directions.length} directions.`,
    );
  const axes = surface.axes.map((axis, k) => ({ ...axis, norm: file.norms[k]! }));
  return {
    ...surface,
    axes,
    directions: file.directions.slice(0, axes.length),
    notes: { ...surface.notes, ...file.notes },
    announcements: [
      ...surface.announcements.filter((text) => !text.startsWith('The directions lie')),
      ...file.announcements,
    ],
  };
}

/** A surface with the path of its projection file. */
export const withPath = (surface: LandscapeFile, { path, announcements }: ProjectionFile): LandscapeFile => ({
  ...surface,
  path,
  announcements: [...surface.announcements, ...announcements],
});
