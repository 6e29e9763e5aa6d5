export interface RankStatistics {
  readonly rank: number;
  readonly mean: number;
  /** Standard deviation of one spectrum, n − 1 in the denominator. */
  readonly deviation: number;
  readonly low: number;
  readonly high: number;
}

/** λₖ over several lists, largest first, for the ranks that all of them have. */
export function rankStatistics(lists: readonly (readonly number[])[]): readonly RankStatistics[] {
  const ranks = Math.min(...lists.map(({ length }) => length));
  return Array.from({ length: Number.isFinite(ranks) ? ranks : 0 }, (_, k) => {
    const values = lists.map((list) => list[k]!);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return {
      rank: k + 1,
      mean,
      deviation: Math.sqrt(squares / (values.length - 1)),
      low: Math.min(...values),
      high: Math.max(...values),
    };
  });
}
