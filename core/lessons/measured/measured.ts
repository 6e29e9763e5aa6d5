/** What a scene has measured, by the names of `scene-kinds.ts`. What was not measured yet is missing; Infinity is "never". */
export type Measured = Readonly<Record<string, number>>;

export interface Quantity {
  readonly name: string;
  /** For readers of a table: a noun. */
  readonly meaning: string;
  /** Empty for plain numbers. */
  readonly unit: string;
}

export interface Control {
  readonly name: string;
  readonly title: string;
}

/** Without what is not known: NaN and undefined are never quantities. */
export function knownOnly(values: Readonly<Record<string, number | null | undefined>>): Measured {
  const known: Record<string, number> = {};
  for (const [name, value] of Object.entries(values))
    if (value !== null && value !== undefined && !Number.isNaN(value)) known[name] = value;
  return known;
}

/** Every q with `q.first`, `q.change` and `q.ratio` beside it: how it stands against the page as it was opened. */
export function withFirst(now: Measured, first: Measured): Measured {
  const all: Record<string, number> = { ...now };
  for (const [name, value] of Object.entries(first)) {
    all[`${name}.first`] = value;
    const at = now[name];
    if (at === undefined) continue;
    all[`${name}.change`] = at - value;
    all[`${name}.ratio`] = at / value;
  }
  return knownOnly(all);
}

const comparisons = ['first', 'change', 'ratio'];

/** `leavesAt.first` → `leavesAt`. */
export function plainName(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 && comparisons.includes(name.slice(dot + 1)) ? name.slice(0, dot) : name;
}
