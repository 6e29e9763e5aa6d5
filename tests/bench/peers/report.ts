import type { CompileTimes, Errors, NetworkName, Work } from './protocol.ts';

export interface Timing {
  readonly column: string;
  readonly network: NetworkName;
  readonly work: Work;
  readonly milliseconds: readonly number[];
}

/** What was measured at one number of threads in one precision; records by column. */
export interface Group {
  readonly threads: number;
  readonly precision: 'float32' | 'float64';
  readonly names: Readonly<Record<string, string>>;
  readonly timings: readonly Timing[];
  readonly compile: Record<string, Partial<Record<NetworkName, CompileTimes>>>;
  readonly errors: Record<string, Errors>;
}

export interface Conditions {
  readonly machine: string;
  readonly load: number;
  readonly seconds: number;
  readonly rounds: number;
}

/** What a ratio of float32 times to a peer's is held to. */
const limits: readonly { column: string; network: NetworkName; work: Work; peer: string; most: number }[] = [
  { column: 'native', network: 'mlp-784-64-10', work: 'hessian', peer: 'JAX', most: 1 },
  { column: 'native', network: 'cnn', work: 'hessian', peer: 'torch', most: 0.6 },
  { column: 'native', network: 'mlp-784-64-10', work: 'slice', peer: 'JAX', most: 0.8 },
  { column: 'wasm', network: 'mlp-784-64-10', work: 'hessian', peer: 'JAX', most: 4 },
  { column: 'wasm', network: 'cnn', work: 'hessian', peer: 'torch', most: 2.5 },
];

const titles: Record<Work, string> = {
  hessian: 'Hessian product',
  gaussNewton: 'Gauss–Newton product',
  gradient: 'gradient',
  linearize: 'linearise',
  slice: '51×51 slice',
};
const networkTitles: Record<NetworkName, string> = { 'mlp-784-64-10': 'MLP', cnn: 'CNN' };

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};
const least = (values: readonly number[]): number => Math.min(...values);
const digits = (x: number): string => x.toPrecision(x < 1000 ? 3 : 4);
const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
const table = (heading: readonly string[], rows: readonly (readonly string[])[]): string =>
  line(heading) + line(heading.map(() => '---')) + rows.map(line).join('');

const found = (group: Group, column: string, network: NetworkName, work: Work) =>
  group.timings.find((t) => t.column === column && t.network === network && t.work === work)?.milliseconds;

/** `0.93 (0.95)`: the ratio of medians and of minima. */
function ratio(group: Group, column: string, peer: string, network: NetworkName, work: Work): string | null {
  const [ours, theirs] = [found(group, column, network, work), found(group, peer, network, work)];
  if (!ours?.length || !theirs?.length) return null;
  const limit = limits.find(
    (l) =>
      group.precision === 'float32' &&
      l.column === column &&
      l.network === network &&
      l.work === work &&
      l.peer === peer,
  );
  const value = median(ours) / median(theirs);
  const held = limit ? `, limit ${limit.most}${value <= limit.most ? '' : ': missed'}` : '';
  return `${peer}: ${value.toFixed(2)} (${(least(ours) / least(theirs)).toFixed(2)}${held})`;
}

function timeRows(group: Group, columns: readonly string[]): string[][] {
  const works = [...new Set(group.timings.map(({ network, work }) => `${network} ${work}`))];
  return works.map((key) => {
    const [network, work] = key.split(' ') as [NetworkName, Work];
    const times = columns.map((column) => {
      const values = found(group, column, network, work);
      return values?.length ? `${digits(median(values))} (${digits(least(values))})` : '–';
    });
    const ratios = ['native', 'wasm'].map((column) =>
      ['JAX', 'torch'].flatMap((peer) => ratio(group, column, peer, network, work) ?? []).join('<br>'),
    );
    const setting = `${group.precision}, ${group.threads} thread${group.threads === 1 ? '' : 's'}`;
    return [`${networkTitles[network]}: ${titles[work]}`, setting, ...times, ...ratios.map((text) => text || '–')];
  });
}

/** What linearising and multiplying cost more the first time, in products. */
function compileInProducts({ linearize, products }: CompileTimes): string {
  const product = median(products.slice(4));
  const first = products.slice(0, 4).reduce((sum, t) => sum + t - product, 0);
  const linearizing = (linearize[0] ?? 0) - median(linearize.slice(1));
  return `${Math.max(0, (first + linearizing) / product).toFixed(1)}`;
}

function accuracyRows(group: Group): string[][] {
  return Object.entries(group.names).map(([column, name]) => {
    const of = (key: string) => group.errors[column]?.[key]?.toExponential(1) ?? '–';
    const compile = (network: NetworkName) => {
      const times = group.compile[column]?.[network];
      return times ? compileInProducts(times) : '–';
    };
    return [
      `${column}${column === name ? '' : ` (${name})`}`,
      group.precision,
      of('mlp-784-64-10 hessian'),
      of('mlp-784-64-10 gaussNewton'),
      of('mlp-784-64-10 slice'),
      of('cnn hessian'),
      of('cnn gaussNewton'),
      compile('mlp-784-64-10'),
      compile('cnn'),
    ];
  });
}

export function markdown({ machine, load, seconds, rounds }: Conditions, groups: readonly Group[]): string {
  const columns = ['JAX', 'torch', 'native', 'wasm'].filter((column) => groups.some(({ names }) => column in names));
  const peers = groups[0] ? Object.entries(groups[0].names).map(([column, name]) => `${column} = ${name}`) : [];
  return [
    `${machine}; ${peers.join(', ')}; ${rounds} rounds in turn, median (minimum) in milliseconds; load ${load.toFixed(1)}, ${seconds.toFixed(0)} s.\n`,
    table(
      ['work', 'setting', ...columns, 'native ÷', 'wasm ÷'],
      groups.flatMap((group) => timeRows(group, columns)),
    ),
    'Relative errors against float64, and what the first use costs more than later ones, in products (one thread):\n',
    table(
      ['', 'precision', 'MLP H v', 'MLP G v', 'MLP slice', 'CNN H v', 'CNN G v', 'MLP: compile', 'CNN: compile'],
      groups.filter(({ threads }) => threads === 1).flatMap(accuracyRows),
    ),
  ].join('\n');
}
