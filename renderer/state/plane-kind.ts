/** Which plane of parameter space is looked at: of the path, of random directions, of two eigenvectors. */
export type PlaneKind = 'pca' | 'random' | 'eigen';
