import type { NetworkName } from './protocol.ts';
import type { SliceTiming } from './slices.ts';

/** The slices at one number of threads. */
export interface SliceGroup {
  readonly threads: number;
  readonly names: Readonly<Record<string, string>>;
  readonly timings: readonly SliceTiming[];
}

/** What a slice of the native engine is held to: its time over that of another, at most. */
const limits: readonly { network: NetworkName; against: string; threads: number; most: number }[] = [
  { network: 'mlp-784-64-10', against: 'loss-landscapes', threads: 2, most: 1 / 10 },
  { network: 'mlp-784-64-10', against: 'JAX affine', threads: 2, most: 0.8 },
  { network: 'cnn', against: 'torch loop', threads: 2, most: 1 / 2.5 },
  { network: 'cnn', against: 'native, plain loop', threads: 2, most: 1 / 2.5 },
];

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function row(timing: SliceTiming, { threads, timings }: SliceGroup): string {
  const { column, network, grid, milliseconds, error } = timing;
  const native = timings.find((one) => one.column === 'native' && one.network === network)?.milliseconds;
  const ratio = (of: (values: readonly number[]) => number) => of(milliseconds) / of(native ?? []);
  const limit = limits.find((l) => l.network === network && l.against === column && l.threads === threads);
  const held = limit
    ? `, wanted ${(1 / limit.most).toFixed(2)}${ratio(median) >= 1 / limit.most ? '' : ': missed'}`
    : '';
  const perPoint = Math.min(...milliseconds) / grid ** 2;
  const cells = [
    `${network}, ${grid}×${grid}`,
    String(threads),
    column,
    `${(median(milliseconds) / 1000).toFixed(3)} (${(Math.min(...milliseconds) / 1000).toFixed(3)})`,
    perPoint.toFixed(3),
    native ? `${ratio(median).toFixed(2)} (${ratio((values) => Math.min(...values)).toFixed(2)})${held}` : '–',
    error === null ? '–' : error.toExponential(1),
  ];
  return `| ${cells.join(' | ')} |\n`;
}

export function slicesTable(groups: readonly SliceGroup[]): string {
  if (groups.length === 0) return '';
  const heading =
    '| slice | threads | by | s, median (minimum) | ms a point | its time over native: medians (minima) | worst relative error |\n';
  const rows = groups.flatMap((group) => group.timings.map((timing) => row(timing, group)));
  const names = Object.entries({ ...groups[0]?.names }).map(([column, name]) => `${column}: ${name}`);
  return `\nSlices over [−1, 1]², first use left out; ${names.join(', ')}.\n\n${heading}${heading.replace(/[^|\n]+/g, '---')}${rows.join('')}`;
}
