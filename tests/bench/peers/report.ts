import type { CompileTimes, Errors, NetworkName, SpectralWork, Work } from './protocol.ts';
import type { SpectralTiming } from './spectra.ts';

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

/** The spectra at one number of threads. */
export interface SpectralGroup {
  readonly threads: number;
  readonly names: Readonly<Record<string, string>>;
  readonly timings: readonly SpectralTiming[];
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

const spectralTitles: Record<SpectralWork, string> = {
  top10: 'top-10 to 1e-3, five seeds',
  density: 'density, 100 steps, one probe',
};
/** How many times as fast as a peer the native engine is to be, at the same accuracy. */
const spectralLimits: readonly { work: SpectralWork; peer: string; least: number }[] = [
  { work: 'top10', peer: 'PyHessian', least: 6 },
  { work: 'density', peer: 'PyHessian', least: 2 },
  { work: 'density', peer: 'eigenthings', least: 2 },
];
const wantedError = 1e-3;

/** `120 (110) ms, 24 products, 4.1e-4`: median (minimum), what it cost and its worst error; marked where that misses. */
function spectralCell(timing: SpectralTiming | undefined): string {
  if (!timing?.milliseconds.length) return '–';
  const { milliseconds, products, error, work } = timing;
  const missed = work === 'top10' && !(error <= wantedError) ? ' (missed)' : '';
  return `${digits(median(milliseconds))} (${digits(least(milliseconds))}) ms, ${products} products, ${error.toExponential(1)}${missed}`;
}

function spectralRow(work: SpectralWork, { threads, timings }: SpectralGroup, columns: readonly string[]): string[] {
  const of = (column: string) => timings.find((t) => t.column === column && t.work === work);
  const ratios = ['native', 'wasm'].map((column) =>
    ['PyHessian', 'eigenthings'].flatMap((peer) => {
      const [ours, theirs] = [of(column)?.milliseconds, of(peer)?.milliseconds];
      if (!ours?.length || !theirs?.length) return [];
      const value = median(theirs) / median(ours);
      const limit = spectralLimits.find((l) => column === 'native' && l.work === work && l.peer === peer)?.least;
      const held = limit === undefined ? '' : `, wanted ${limit}${value >= limit ? '' : ': missed'}`;
      return `${peer}: ${value.toFixed(1)} (${(least(theirs) / least(ours)).toFixed(1)}${held})`;
    }),
  );
  const setting = `${threads} thread${threads === 1 ? '' : 's'}`;
  const cells = columns.map((column) => spectralCell(of(column)));
  return [spectralTitles[work], setting, ...cells, ...ratios.map((texts) => texts.join('<br>') || '–')];
}

function spectralTable(groups: readonly SpectralGroup[]): string {
  const works = [...new Set(groups.flatMap(({ timings }) => timings.map(({ work }) => work)))];
  const columns = ['PyHessian', 'eigenthings', 'native', 'wasm'].filter((column) =>
    groups.some(({ names }) => column in names),
  );
  return table(
    ['MLP, float32', 'setting', ...columns, 'native is faster than', 'wasm is faster than'],
    works.flatMap((work) => groups.map((group) => spectralRow(work, group, columns))),
  );
}

export function markdown(
  { machine, load, seconds, rounds }: Conditions,
  groups: readonly Group[],
  spectra: readonly SpectralGroup[],
): string {
  const columns = ['JAX', 'torch', 'native', 'wasm'].filter((column) => groups.some(({ names }) => column in names));
  const contestants = Object.entries({ ...groups[0]?.names, ...spectra[0]?.names });
  const peers = contestants.map(([column, name]) => (column === name ? name : `${column} = ${name}`));
  const products = [
    table(
      ['work', 'setting', ...columns, 'native ÷', 'wasm ÷'],
      groups.flatMap((group) => timeRows(group, columns)),
    ),
    'Relative errors against float64, and what the first use costs more than later ones, in products (one thread):\n',
    table(
      ['', 'precision', 'MLP H v', 'MLP G v', 'MLP slice', 'CNN H v', 'CNN G v', 'MLP: compile', 'CNN: compile'],
      groups.filter(({ threads }) => threads === 1).flatMap(accuracyRows),
    ),
  ];
  return [
    `${machine}; ${peers.join(', ')}; ${rounds} rounds in turn, median (minimum) in milliseconds; load ${load.toFixed(1)}, ${seconds.toFixed(0)} s.\n`,
    ...(groups.length > 0 ? products : []),
    ...(spectra.length > 0
      ? [
          'Spectra, with the linearisation: most products of the seeds 0 to 4, worst error of the eigenvalues (density: of its largest node):\n',
          spectralTable(spectra),
        ]
      : []),
  ].join('\n');
}
