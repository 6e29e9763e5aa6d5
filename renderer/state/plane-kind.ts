/**
 * A slice by what it is of, as `sliceName` says: `pca`, `random`, `gradient+random`, `volume-random` …; with its centre
 * after ` at ` where that is a point of another slice.
 */
export type PlaneKind = string;

/** The planes that are computed by themselves: of the path, of random directions, of two eigenvectors. */
export const automaticPlanes = ['pca', 'eigen', 'random'] as const;
export type AutomaticPlane = (typeof automaticPlanes)[number];

/** What a slice is spanned by that was read from a file: nobody knows what. */
export const openedPlane = 'opened';

export const isOpenedPlane = (plane: PlaneKind): boolean => /^(?:line-|volume-)?opened$/.test(plane);

/** Which chart it is shown as. */
export const shapeOfPlane = (plane: PlaneKind): 'line' | 'plane' | 'volume' =>
  plane.startsWith('line-') ? 'line' : plane.startsWith('volume-') ? 'volume' : 'plane';

export const isAutomatic = (plane: PlaneKind): plane is AutomaticPlane =>
  (automaticPlanes as readonly string[]).includes(plane);
