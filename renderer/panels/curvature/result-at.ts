/** The latest result at or before the step that is looked at (null: the latest of all); null where there is none. */
export function resultAt<T extends { readonly step: number | null }>(
  results: readonly T[],
  cursor: number | null,
): T | null {
  return results.filter(({ step }) => cursor === null || (step ?? 0) <= cursor).at(-1) ?? null;
}
