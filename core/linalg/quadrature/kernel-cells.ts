import { normalCumulative } from './normal-distribution.ts';

/** Equal cells from `left` on. */
export interface Cells {
  readonly left: number;
  readonly cell: number;
  readonly cells: number;
}

/** Reach of the cells beyond the outermost nodes, in kernel widths: the mass outside is 1e-9 of a node's. */
export const cellMargin = 6;

/** How much of Gaussian kernels of standard deviation `sigma` falls into each cell: exact, however narrow the kernel. */
export function kernelMasses(
  centres: ArrayLike<number>,
  weight: (k: number) => number,
  { left, cell, cells }: Cells,
  sigma: number,
): Float64Array {
  const masses = new Float64Array(cells);
  for (let k = 0; k < centres.length; k++) {
    const centre = centres[k]!;
    const first = Math.max(0, Math.floor((centre - 8.5 * sigma - left) / cell));
    const last = Math.min(cells - 1, Math.ceil((centre + 8.5 * sigma - left) / cell));
    let before = normalCumulative((left + first * cell - centre) / sigma);
    for (let i = first; i <= last; i++) {
      const after = normalCumulative((left + (i + 1) * cell - centre) / sigma);
      masses[i] = masses[i]! + weight(k) * Math.max(0, after - before);
      before = after;
    }
  }
  return masses;
}

/** Standard deviation of the kernel at the resolution of m steps over a range (Lin, Saad and Yang 2016, κ = 1.25). */
export function resolutionOfSteps(range: number, steps: number): number {
  return range / steps / (2 * Math.sqrt(2 * Math.log(1.25)));
}
