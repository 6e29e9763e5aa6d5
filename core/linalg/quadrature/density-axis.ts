/** A run of equal cells of the density's coordinate u, on one side of zero or over all of the line. */
export interface AxisBranch {
  readonly left: number;
  readonly cell: number;
  readonly cells: number;
  /** u of an eigenvalue; NaN where the branch does not hold it. */
  coordinate(value: number): number;
  /** The eigenvalue at u. */
  value(u: number): number;
}

/** Reach of the cells beyond the outermost nodes, in kernel widths: the mass outside is 1e-9 of a node's. */
const margin = 6;

/** One branch with u = λ. */
export function linearAxis(low: number, high: number, kernelWidth: number, cells: number): AxisBranch[] {
  const left = low - margin * kernelWidth;
  const cell = (high - low + 2 * margin * kernelWidth) / cells;
  return [{ left, cell, cells, coordinate: (value) => value, value: (u) => u }];
}

/**
 * Up to two branches, eigenvalues ascending through both: λ < 0 with u = −log10|λ| and λ > 0 with u = log10 λ, from
 * `smallest` outwards to 6 kernel widths beyond the largest magnitude on each side. A side without eigenvalues beyond
 * `smallest` has no branch; cells are shared in proportion to the decades.
 */
export function logAxis(low: number, high: number, smallest: number, kernelWidth: number, cells: number): AxisBranch[] {
  const start = Math.log10(smallest);
  const decadesOf = (magnitude: number) =>
    magnitude > smallest ? Math.log10(magnitude) + margin * kernelWidth - start : 0;
  const [below, above] = [decadesOf(-low), decadesOf(high)];
  const branches: AxisBranch[] = [];
  const cellsBelow = above === 0 ? cells : Math.round((cells * below) / (below + above));
  if (below > 0 && cellsBelow > 0) {
    branches.push({
      left: -(start + below),
      cell: below / cellsBelow,
      cells: cellsBelow,
      coordinate: (value) => (value < 0 ? -Math.log10(-value) : Number.NaN),
      value: (u) => -(10 ** -u),
    });
  }
  if (above > 0 && cells > cellsBelow) {
    branches.push({
      left: start,
      cell: above / (cells - cellsBelow),
      cells: cells - cellsBelow,
      coordinate: (value) => (value > 0 ? Math.log10(value) : Number.NaN),
      value: (u) => 10 ** u,
    });
  }
  return branches;
}

/** Eigenvalues at the centres of all cells, or at a share of the way through them. */
export function axisValues(branches: readonly AxisBranch[], share = 0.5): Float64Array {
  return Float64Array.from(
    branches.flatMap((branch) =>
      Array.from({ length: branch.cells }, (_, i) => branch.value(branch.left + (i + share) * branch.cell)),
    ),
  );
}
