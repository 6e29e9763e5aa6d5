import type { SliceGrid, Square } from '../scene/slice-grid.ts';

export type SectionAxis = 'alpha' | 'beta';

/** The loss along a line through the plane; NaN stands between parts that are not connected. */
export interface Section {
  readonly at: readonly number[];
  readonly loss: readonly number[];
}

/** Points within a square, where a loss that is linear bends on a logarithmic axis. */
const partsOfSquare = 4;

/**
 * L along one axis where the other coordinate is `fixed`: bilinear in the squares that are drawn, so exact for losses
 * a + bα + cβ + dαβ. Ends where nothing is known.
 */
export function sectionAlong(
  { alpha, beta, loss }: SliceGrid,
  squares: readonly Square[],
  along: SectionAxis,
  fixed: number,
): Section {
  const pieces: { from: number; to: number; first: number; last: number }[] = [];
  const across = along === 'alpha' ? beta : alpha;
  const end = across[across.length - 1]!;
  for (const { row, column, stride } of squares) {
    const start = along === 'alpha' ? row : column;
    const [low, high] = [across[start]!, across[start + stride]!];
    // A line on the border of two squares is of the upper one; on the border of the plane of the last one.
    if (fixed < low || fixed > high || (fixed === high && high !== end)) continue;
    const v = (fixed - low) / (high - low);
    const at = (i: number, j: number) => loss[i * alpha.length + j]!;
    const far = stride;
    const [near, next] =
      along === 'alpha'
        ? [
            (1 - v) * at(row, column) + v * at(row + far, column),
            (1 - v) * at(row, column + far) + v * at(row + far, column + far),
          ]
        : [
            (1 - v) * at(row, column) + v * at(row, column + far),
            (1 - v) * at(row + far, column) + v * at(row + far, column + far),
          ];
    const [axis, index] = along === 'alpha' ? [alpha, column] : [beta, row];
    pieces.push({ from: axis[index]!, to: axis[index + stride]!, first: near, last: next });
  }
  pieces.sort((a, b) => a.from - b.from);
  const section: { at: number[]; loss: number[] } = { at: [], loss: [] };
  let reached = Number.NaN;
  for (const { from, to, first, last } of pieces) {
    if (from !== reached) {
      if (section.at.length > 0) add(section, from, Number.NaN);
      add(section, from, first);
    }
    for (let k = 1; k <= partsOfSquare; k++) {
      const share = k / partsOfSquare;
      add(section, from + share * (to - from), first + share * (last - first));
    }
    reached = to;
  }
  return section;
}

function add(section: { at: number[]; loss: number[] }, at: number, loss: number): void {
  section.at.push(at);
  section.loss.push(loss);
}
