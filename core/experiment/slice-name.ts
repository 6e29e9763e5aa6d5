import type { StatisticsPolicy } from '../analyses/slices/slice.ts';
import { variantOf } from '../analyses/slices/variant.ts';

export interface NamedSlice {
  readonly plane: string;
  /** The other points that span it; absent in slices of before. */
  readonly points?: readonly string[] | undefined;
  /** How many. */
  readonly axes: number;
  readonly on: 'train' | 'test';
  readonly statistics: StatisticsPolicy;
  /** What else was asked (`variantOf`); empty where everything is as it is by itself. */
  readonly variant?: string | undefined;
}

/**
 * A slice by what it is of, for file names and tables: `pca`, `gradient+random`, `volume-random`, `line-difference-test`,
 * `random-frozen`, `points-to-other@300-to-third`. The same question has the same name, whatever its grid.
 */
export function sliceName({ plane, points = [], axes, on, statistics, variant = '' }: NamedSlice): string {
  const shape = axes === 1 ? 'line-' : axes === 3 ? 'volume-' : '';
  const words = plane.replace(/\s+/g, '').replaceAll(',', '+').toLowerCase();
  const others = points.map((text) => `-to-${lastPart(text)}`).join('');
  return `${shape}${words}${others}${on === 'test' ? '-test' : ''}${statistics === 'experiment' ? '' : `-${statistics}`}${variant === '' ? '' : `-${variant}`}`;
}

const mostOfPart = 40;

/** The last part of a path, as a file name can have it. */
const lastPart = (text: string): string =>
  (text.split(/[\\/]/).filter(Boolean).pop() ?? text).replace(/[^\w@.]+/g, '_').slice(-mostOfPart);

/** The name of a slice that is there. */
export const nameOfSlice = ({
  axes,
  ...named
}: Omit<NamedSlice, 'axes'> & { readonly axes: ArrayLike<unknown> }): string =>
  sliceName({ ...named, axes: axes.length });

/** The name that the slice of these parameters will have; missing ones are what they are by themselves. */
export function nameOfParameters(given: Readonly<Record<string, unknown>>): string {
  const word = (name: string): string | null => (typeof given[name] === 'string' ? (given[name] as string) : null);
  const [line, volume] = [word('line'), word('volume')];
  const plane = line ?? volume ?? word('plane') ?? 'random';
  const on = given.on === 'test' ? 'test' : 'train';
  const statistics = (word('statistics') ?? 'experiment') as StatisticsPolicy;
  const points = [word('to'), word('third'), word('file')].filter((text) => text !== null);
  const variant = variantOf(given);
  return sliceName({ plane, points, axes: line !== null ? 1 : volume !== null ? 3 : 2, on, statistics, variant });
}
