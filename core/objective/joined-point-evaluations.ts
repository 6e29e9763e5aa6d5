import type { PointEvaluations } from './objective.ts';

/** What one part counts in the loss, and of how many examples it is. */
export interface JoinedTerm {
  readonly weight: number;
  readonly count: number;
}

/**
 * Evaluations of the same points on parts of the examples as those on all. The loss is Σ weight × loss over all terms; the
 * first `pieces` are the parts themselves, any others what takes surplus penalties away from a sum. Squared deviations
 * are joined by the differences of the parts' means (Chan, Golub and LeVeque 1979), in which a penalty that all parts
 * have cancels; that of a sum, whose weight of a part is its number of examples, is first taken away: (Σ losses − loss)
 * over the surplus. What one of the parts does not know is null.
 */
export function joinPointEvaluations(
  parts: readonly PointEvaluations[],
  terms: readonly JoinedTerm[],
  pieces: number,
  sums: boolean,
): PointEvaluations {
  const points = parts[0]?.losses.length ?? 0;
  const losses = Float64Array.from({ length: points }, (_, i) =>
    parts.reduce((sum, part, k) => sum + terms[k]!.weight * part.losses[i]!, 0),
  );
  const own = parts.slice(0, pieces);
  const counts = terms.slice(0, pieces).map(({ count }) => count);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const everyHas = (name: 'standardErrors' | 'errors' | 'classLosses') => own.every((part) => part[name] !== null);

  function meanOf(k: number, i: number): number {
    const loss = own[k]!.losses[i]!;
    if (!sums) return loss;
    const surplus = pieces - 1;
    const penalty = surplus === 0 ? 0 : (own.reduce((sum, part) => sum + part.losses[i]!, 0) - losses[i]!) / surplus;
    return (loss - penalty) / counts[k]!;
  }

  function standardErrorAt(i: number): number {
    let [n, mean, squares] = [0, 0, 0];
    for (const [k, count] of counts.entries()) {
      const ofPart = meanOf(k, i);
      const error = own[k]!.standardErrors![i]! / (sums ? count : 1);
      const apart = n === 0 ? 0 : ofPart - mean;
      // One example has no spread of its own: its standard error is no number.
      squares += (count === 1 ? 0 : error ** 2 * count * (count - 1)) + (apart ** 2 * n * count) / (n + count);
      mean += ((ofPart - mean) * count) / (n + count);
      n += count;
    }
    return Math.sqrt(squares / (n - 1) / n) * (sums ? n : 1);
  }

  const errorAt = (i: number) => own.reduce((sum, part, k) => sum + counts[k]! * part.errors![i]!, 0) / total;
  const each = (at: (i: number) => number) => Float64Array.from({ length: points }, (_, i) => at(i));
  return {
    losses,
    standardErrors: everyHas('standardErrors') ? each(standardErrorAt) : null,
    errors: everyHas('errors') ? each(errorAt) : null,
    ...joinedClasses(own, points, everyHas('classLosses')),
  };
}

function joinedClasses(
  parts: readonly PointEvaluations[],
  points: number,
  known: boolean,
): Pick<PointEvaluations, 'classLosses' | 'classCounts'> {
  if (!known || points === 0 || !parts.every(({ classCounts }) => classCounts !== undefined))
    return { classLosses: null };
  const columns = parts[0]!.classLosses!.columns;
  const classCounts = new Int32Array(columns);
  for (const part of parts) for (const [c, count] of part.classCounts!.entries()) classCounts[c]! += count;
  const data = Float64Array.from({ length: points * columns }, (_, at) => {
    let sum = 0;
    for (const { classLosses, classCounts: counts } of parts) {
      const count = counts![at % columns]!;
      if (count > 0) sum += count * classLosses!.data[at]!;
    }
    const count = classCounts[at % columns]!;
    return count === 0 ? Number.NaN : sum / count;
  });
  return { classLosses: { rows: points, columns, data }, classCounts };
}
