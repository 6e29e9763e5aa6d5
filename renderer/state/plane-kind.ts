/** A slice by what it is of, as `sliceName` says: `pca`, `random`, `gradient+random`, `volume-random` … */
export type PlaneKind = string;

/** The planes that are computed by themselves: of the path, of random directions, of two eigenvectors. */
export const automaticPlanes = ['pca', 'eigen', 'random'] as const;
export type AutomaticPlane = (typeof automaticPlanes)[number];

export const isAutomatic = (plane: PlaneKind): plane is AutomaticPlane =>
  (automaticPlanes as readonly string[]).includes(plane);
