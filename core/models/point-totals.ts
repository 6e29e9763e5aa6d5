import type { PointEvaluations, PointsAsk } from '../objective/objective.ts';

/** How many classes the targets are, and which of them each example of a part is. */
export interface PartLabels {
  readonly labels: Int32Array;
  /** Where the part begins in them. */
  readonly from: number;
}

/** How totals become evaluations. */
export interface TotalsEnd {
  readonly overExamples: 'mean' | 'sum';
  /** Of the layers at each point; null where there is none. */
  readonly penalties: Float64Array | null;
}

/**
 * What is asked of many points, added up over parts of the examples in float64: losses, mean and squared deviations
 * joined part by part (Chan, Golub and LeVeque 1979), losses by class, misclassified examples. `classes`: how many, null
 * where targets are values.
 */
export interface PointTotals {
  /** ℓᵢ of `count` examples at a point, from `at` in `losses` on. */
  add(point: number, losses: ArrayLike<number>, at: number, count: number, own: PartLabels | null): void;
  addWrong(point: number, wrong: number): void;
  /** The totals of these points begin anew. */
  clear(points: readonly number[]): void;
  lossSums: Float64Array;
  evaluations(end: TotalsEnd): PointEvaluations;
}

export function pointTotals(points: number, ask: PointsAsk, classes: number | null): PointTotals {
  const sums = new Float64Array(points);
  const counts = new Float64Array(points);
  const squares = ask.standardErrors ? new Float64Array(points) : null;
  const byClass = ask.classLosses && classes !== null ? new Float64Array(points * classes) : null;
  const ofClass = byClass && new Float64Array(points * classes!);
  const wrongs = ask.errors && classes !== null ? new Float64Array(points) : null;

  return {
    lossSums: sums,
    add(point, losses, at, count, own) {
      let sum = 0;
      for (let i = at; i < at + count; i++) sum += losses[i]!;
      if (squares) {
        const mean = sum / count;
        let deviations = 0;
        for (let i = at; i < at + count; i++) deviations += (losses[i]! - mean) ** 2;
        const before = counts[point]!;
        const apart = before === 0 ? 0 : mean - sums[point]! / before;
        squares[point] = squares[point]! + deviations + (apart * apart * before * count) / (before + count);
      }
      if (byClass && own) {
        const base = point * classes!;
        for (let i = 0; i < count; i++) {
          const place = base + own.labels[own.from + i]!;
          byClass[place] = byClass[place]! + losses[at + i]!;
          ofClass![place] = ofClass![place]! + 1;
        }
      }
      sums[point] = sums[point]! + sum;
      counts[point] = counts[point]! + count;
    },
    addWrong(point, wrong) {
      if (wrongs) wrongs[point] = wrongs[point]! + wrong;
    },
    clear(chosen) {
      for (const point of chosen) {
        for (const column of [sums, counts, squares, wrongs]) if (column) column[point] = 0;
        for (const table of [byClass, ofClass]) table?.fill(0, point * classes!, (point + 1) * classes!);
      }
    },
    evaluations({ overExamples, penalties }) {
      const isMean = overExamples === 'mean';
      const losses = sums.map((sum, i) => sum * (isMean ? 1 / counts[i]! : 1) + (penalties?.[i] ?? 0));
      const spread = (n: number, square: number) => Math.sqrt(square / (n - 1) / n) * (isMean ? 1 : n);
      return {
        losses,
        standardErrors: squares ? squares.map((square, i) => spread(counts[i]!, square)) : null,
        errors: wrongs ? wrongs.map((wrong, i) => wrong / counts[i]!) : null,
        classLosses: byClass && {
          rows: points,
          columns: classes!,
          data: byClass.map((sum, i) => (ofClass![i] === 0 ? Number.NaN : sum / ofClass![i]!)),
        },
        ...(ofClass && points > 0 && { classCounts: Int32Array.from(ofClass.subarray(0, classes!)) }),
      };
    },
  };
}
