import type { SearchedPoint } from '../../../core/analyses/saddles/saddle.ts';
import { kindOf, type PointKind, pointKinds } from '../../state/searches.ts';
import { kindWords, startText } from './words.ts';

export interface PointRow {
  readonly point: SearchedPoint;
  readonly kind: PointKind;
  readonly gradientNorm: number;
  /** How often the point was found; of a copy, how often its first was. */
  readonly found: number;
}

export type PointColumn =
  | 'number'
  | 'loss'
  | 'index'
  | 'gradient'
  | 'residual'
  | 'lowest'
  | 'found'
  | 'kind'
  | 'seconds';

export interface Sorting {
  readonly column: PointColumn;
  readonly descending: boolean;
}

export const pointRows = (points: readonly SearchedPoint[], counts: ReadonlyMap<number, number>): readonly PointRow[] =>
  points.map((point) => ({
    point,
    kind: kindOf(point),
    gradientNorm: Math.sqrt(point.gradientNormSquared),
    found: counts.get(point.sameAs ?? point.number) ?? 1,
  }));

/** The number by which a column is sorted; null stands last either way. */
export function sortValue({ point, kind, gradientNorm, found }: PointRow, column: PointColumn): number | null {
  switch (column) {
    case 'number':
      return point.number;
    case 'loss':
      return point.loss;
    case 'index':
      return point.index?.negative ?? null;
    case 'gradient':
      return gradientNorm;
    case 'residual':
      return point.residual;
    case 'lowest':
      return point.lowest?.value ?? null;
    case 'found':
      return found;
    case 'kind':
      return pointKinds.indexOf(kind);
    case 'seconds':
      return point.stats.seconds;
  }
}

export function sortedRows(rows: readonly PointRow[], { column, descending }: Sorting): readonly PointRow[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [sortValue(a, column), sortValue(b, column)];
    const [hasX, hasY] = [x !== null && !Number.isNaN(x), y !== null && !Number.isNaN(y)];
    if (!hasX || !hasY) return Number(hasY) - Number(hasX) || a.point.number - b.point.number;
    return sign * (x! - y!) || a.point.number - b.point.number;
  });
}

const names: Readonly<Record<string, PointColumn>> = {
  point: 'number',
  loss: 'loss',
  l: 'loss',
  index: 'index',
  gradient: 'gradient',
  r: 'residual',
  λ: 'lowest',
  'λ min': 'lowest',
  lambda: 'lowest',
  found: 'found',
  time: 'seconds',
};

/** `index 2`, `loss < 0.5`, `r >= 0.9`, a number of a point, or a word of its kind; with commas, all of them. */
export function filteredRows(rows: readonly PointRow[], filter: string): readonly PointRow[] {
  const parts = filter
    .toLowerCase()
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  const tests = parts.map(testOf);
  return rows.filter((row) => tests.every((test) => test(row)));
}

function testOf(part: string): (row: PointRow) => boolean {
  const [, name = '', sign = '', text = ''] = /^(\D*?)\s*(<=|>=|<|>|=)?\s*(-?[\d.]+(?:e[-+]?\d+)?)$/.exec(part) ?? [];
  const limit = Number(text);
  const column = name === '' ? 'number' : names[name.trim()];
  if (text === '' || column === undefined || Number.isNaN(limit))
    return ({ kind }) => kindWords[kind].word.includes(part);
  return (row) => {
    const value = sortValue(row, column);
    if (value === null) return false;
    if (sign === '<') return value < limit;
    if (sign === '>') return value > limit;
    if (sign === '<=') return value <= limit;
    if (sign === '>=') return value >= limit;
    return value === limit;
  };
}

/** All that is known of each, all digits. */
export function tableOf(rows: readonly PointRow[]) {
  const columns = [
    'point',
    'start',
    'loss',
    'negative',
    'null',
    'positive',
    'gradientNorm',
    'residual',
    'lambdaMin',
    'lambdaMinError',
    'smallest',
    'verdict',
    'certified',
    'provedRadius',
    'found',
    'sameAs',
    'iterations',
    'products',
    'seconds',
  ];
  const cells = rows.map(({ point, gradientNorm, found }) => [
    point.number,
    startText(point.start),
    point.loss,
    point.index?.negative ?? null,
    point.index?.null ?? null,
    point.index?.positive ?? null,
    gradientNorm,
    point.residual,
    point.lowest?.value ?? null,
    point.lowest?.errorBound ?? null,
    point.smallest?.value ?? null,
    point.verdict,
    point.certified ? 'yes' : 'no',
    point.proof?.radius ?? null,
    found,
    point.sameAs,
    point.iterations,
    point.stats.products,
    point.stats.seconds,
  ]);
  return { columns, cells };
}
