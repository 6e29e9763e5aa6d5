import type { StatisticsPolicy } from '../analyses/slices/slice.ts';

export interface NamedSlice {
  readonly plane: string;
  /** How many. */
  readonly axes: number;
  readonly on: 'train' | 'test';
  readonly statistics: StatisticsPolicy;
}

/**
 * A slice by what it is of, for file names and tables: `pca`, `gradient+random`, `volume-random`, `line-difference-test`,
 * `random-frozen`. The same question has the same name, whatever its grid.
 */
export function sliceName({ plane, axes, on, statistics }: NamedSlice): string {
  const shape = axes === 1 ? 'line-' : axes === 3 ? 'volume-' : '';
  const words = plane.replace(/\s+/g, '').replaceAll(',', '+').toLowerCase();
  return `${shape}${words}${on === 'test' ? '-test' : ''}${statistics === 'experiment' ? '' : `-${statistics}`}`;
}

/** A slice of a plane kind alone, on the training set. */
export const nameOfSlice = ({
  plane,
  axes,
  on,
  statistics,
}: Omit<NamedSlice, 'axes'> & { readonly axes: ArrayLike<unknown> }): string =>
  sliceName({ plane, axes: axes.length, on, statistics });

/** The name that the slice of these parameters will have; missing ones are what they are by themselves. */
export function nameOfParameters(given: Readonly<Record<string, unknown>>): string {
  const word = (name: string): string | null => (typeof given[name] === 'string' ? (given[name] as string) : null);
  const [line, volume] = [word('line'), word('volume')];
  const plane = line ?? volume ?? word('plane') ?? 'random';
  const on = given.on === 'test' ? 'test' : 'train';
  const statistics = (word('statistics') ?? 'experiment') as StatisticsPolicy;
  return sliceName({ plane, axes: line !== null ? 1 : volume !== null ? 3 : 2, on, statistics });
}
