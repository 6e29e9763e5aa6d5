/** The largest finite value, or `least` where there is none; spreading a long list over Math.max overflows the stack. */
export function largest(values: Iterable<number | null>, least = Number.NEGATIVE_INFINITY): number {
  let most = least;
  for (const value of values) if (value !== null && Number.isFinite(value) && value > most) most = value;
  return most;
}

export function smallest(values: Iterable<number | null>, most = Number.POSITIVE_INFINITY): number {
  let least = most;
  for (const value of values) if (value !== null && Number.isFinite(value) && value < least) least = value;
  return least;
}
