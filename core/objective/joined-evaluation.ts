import type { BatchKey, Evaluation, Outputs } from './objective.ts';

/**
 * One evaluation out of those of pieces, each with its per-example losses: `loss` is the caller's sum of theirs, the
 * standard error and the fraction of errors are those of all examples. `places` says where the rows of each piece lie
 * among all; without it they follow one another.
 */
export function joinEvaluations(
  parts: readonly Evaluation[],
  loss: number,
  sum: boolean,
  perExample: boolean,
  places?: readonly BatchKey[],
): Evaluation {
  const losses = parts.map((part) => part.perExample!);
  const each = joinNumbers(losses, 1, places);
  const n = each.length;
  const mean = each.reduce((total, value) => total + value, 0) / n;
  const squares = each.reduce((total, value) => total + (value - mean) ** 2, 0);
  const errorOfMean = n > 1 ? Math.sqrt(squares / (n - 1) / n) : 0;
  let misclassified: number | null = 0;
  for (const { error, perExample } of parts) {
    misclassified = error === null || misclassified === null ? null : misclassified + error * perExample!.length;
  }
  const rowsOf = (name: 'outputs' | 'outputGradients') => {
    const pieces = parts.flatMap((part) => part[name] ?? []);
    return pieces.length === parts.length && { [name]: joinRows(pieces, places) };
  };
  return {
    loss,
    standardError: sum ? n * errorOfMean : errorOfMean,
    error: misclassified === null ? null : misclassified / n,
    ...(perExample && { perExample: each }),
    ...rowsOf('outputs'),
    ...rowsOf('outputGradients'),
  };
}

/** Rows of `width` numbers, one piece behind the other or each row in its place. */
function joinNumbers(parts: readonly Float64Array[], width: number, places?: readonly BatchKey[]): Float64Array {
  const joined = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const [k, part] of parts.entries()) {
    const own = places?.[k];
    if (!own) joined.set(part, at);
    else for (const [i, place] of own.entries()) joined.set(part.subarray(i * width, (i + 1) * width), place * width);
    at += part.length;
  }
  return joined;
}

/** Outputs of pieces as one table; `places` as for `joinEvaluations`. */
export function joinRows(parts: readonly Outputs[], places?: readonly BatchKey[]): Outputs {
  const columns = parts[0]?.columns ?? 0;
  const data = parts.map((part) => part.data);
  return { rows: parts.reduce((sum, part) => sum + part.rows, 0), columns, data: joinNumbers(data, columns, places) };
}
