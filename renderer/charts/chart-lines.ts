import { shortThresholdName } from '../../core/figures/edge-sentence.ts';
import type { Run } from '../state/runs.ts';
import type { ChartId } from '../state/settings.ts';
import {
  type ChartDefinition,
  chartDefinitions,
  isFullBatch,
  type Quantity,
  type Readings,
} from './chart-definitions.ts';
import { emptyBand, type SeedBand, seedBand } from './seed-band.ts';

/** What lies around a line: its standard error, its residual, or the range of several seeds. */
export interface Spread {
  lower(row: number): number;
  upper(row: number): number;
}

/** One line of a chart with what its legend says. The arrays belong to the run: they are read, never kept. */
export interface ChartLine {
  /** Stable while the line stands for the same thing. */
  readonly key: string;
  readonly name: string;
  /** Said when the pointer rests on the name. */
  readonly help: string | null;
  /** A token of the theme. */
  readonly colour: string;
  readonly weight: 'strong' | 'thin';
  readonly dash: readonly number[];
  readonly steps: Float64Array;
  readonly values: Float64Array;
  readonly length: number;
  /** Rising or falling, so that extremes stay extremes. */
  readonly map: ((value: number) => number) | null;
  /** ± of the value in a row, in the units of the chart. */
  readonly error: ((row: number) => number) | null;
  readonly spread: Spread | null;
  /** True where the value was measured as well as was asked for. */
  readonly converged: ((row: number) => boolean) | null;
  /** A value holds until the next one, as a learning rate does. */
  readonly held: boolean;
  /** Drawn on to the end of the axis, as a threshold is. */
  readonly standing: boolean;
  /** Not in the legend: another line of the same name is. */
  readonly quiet: boolean;
}

/** Bands are made anew only when a run of theirs has new records. */
export interface BandMemory {
  readonly bands: Map<string, { stamp: string; readonly band: SeedBand }>;
}

export const bandMemory = (): BandMemory => ({ bands: new Map() });

/** Runs that are drawn: visible ones, the one that is studied last and so on top. */
export function shownRuns(runs: readonly Run[], current: string | null): readonly Run[] {
  const visible = runs.filter(({ visible }) => visible);
  return [...visible.filter(({ id }) => id !== current), ...visible.filter(({ id }) => id === current)];
}

const testDots = [1.5, 3] as const;
const thresholdDash = [7, 4] as const;
export const colourOfRun = (run: Run): string => `c-${(run.colour % 6) + 1}`;

/**
 * The lines of a chart. One run alone has a colour for each quantity; several runs have a colour each and their second
 * quantity is dotted. Two or more runs of a group are drawn as their mean with a band; of them the one that is studied
 * has its own line as well.
 */
export function chartLines(
  chart: ChartId,
  runs: readonly Run[],
  current: string | null,
  memory: BandMemory,
): readonly ChartLine[] {
  const definition = chartDefinitions[chart];
  const shown = shownRuns(runs, current);
  const groups = seedGroups(shown);
  const alone = shown.length === 1;
  const lines: ChartLine[] = [];
  for (const run of shown) {
    const grouped = groups.get(run.group);
    if (grouped && grouped[0] === run) lines.push(...bandLines(chart, definition, grouped, current, memory));
    if (!grouped || run.id === current) lines.push(...runLines(definition, run, alone, run.id === current));
  }
  // What is studied comes first in the legend and last on the canvas.
  return lines;
}

/** Groups with at least two runs on the screen. */
function seedGroups(runs: readonly Run[]): ReadonlyMap<string, readonly Run[]> {
  const groups = new Map<string, Run[]>();
  for (const run of runs) groups.set(run.group, [...(groups.get(run.group) ?? []), run]);
  const seeds = (members: readonly Run[]) =>
    new Set(members.map(({ id, description }) => description?.experiment.seed ?? id));
  return new Map([...groups].filter(([, members]) => members.length > 1 && seeds(members).size === members.length));
}

function runLines(definition: ChartDefinition, run: Run, alone: boolean, isCurrent: boolean): ChartLine[] {
  const lines: ChartLine[] = [];
  definition.quantities.forEach((quantity, i) => {
    const readings = quantity.readings(run);
    if (readings.length === 0) return;
    const colour = alone ? quantity.colour : colourOfRun(run);
    if (readings.threshold) {
      const name = thresholdName(run, readings);
      if (name && readings.threshold.some(Number.isFinite))
        lines.push({
          ...plain(`${run.id} ${quantity.id} threshold`, readings, readings.threshold),
          name,
          help: run.description?.thresholdName ?? null,
          colour: isCurrent || alone ? 'threshold' : colour,
          dash: thresholdDash,
          standing: true,
          quiet: !isCurrent && !alone,
        });
    }
    lines.push({
      ...plain(`${run.id} ${quantity.id}`, readings, readings.values),
      name: alone ? quantity.name : `${run.title} ${quantity.name}`,
      help: quantity.help,
      colour,
      weight: (isCurrent || alone) && !quantity.minor ? 'strong' : 'thin',
      quiet: quantity.minor === true,
      dash: alone || i === 0 || definition.quantities.some(({ minor }) => minor) ? [] : testDots,
      map: readings.map,
      error: readings.error,
      spread: readings.error ? around(readings, readings.error) : null,
      converged: readings.converged,
      held: readings.held,
    });
  });
  return lines;
}

function plain(key: string, { steps, length }: Readings, values: Float64Array): ChartLine {
  return {
    key,
    name: '',
    help: null,
    colour: 'fg-2',
    weight: 'thin',
    dash: [],
    steps,
    values,
    length,
    map: null,
    error: null,
    spread: null,
    converged: null,
    held: true,
    standing: false,
    quiet: false,
  };
}

function around({ values, map }: Readings, error: (row: number) => number): Spread {
  const value = (row: number) => (map ? map(values[row]!) : values[row]!);
  return { lower: (row) => value(row) - error(row), upper: (row) => value(row) + error(row) };
}

/** As it is written beside a number; what else its name says is told on hover. Mini-batches need not respect it. */
function thresholdName(run: Run, readings: Readings): string {
  const name = shortThresholdName(readings.thresholdName ?? run.description?.thresholdName ?? 'threshold');
  return isFullBatch(run) ? name : `${name}, not binding`;
}

function bandLines(
  chart: ChartId,
  definition: ChartDefinition,
  runs: readonly Run[],
  current: string | null,
  memory: BandMemory,
): ChartLine[] {
  const leader = runs.find(({ id }) => id === current) ?? runs[0]!;
  return definition.quantities.flatMap((quantity, i): ChartLine[] => {
    // Ten bands over each other could not be told apart.
    if (quantity.minor) return [];
    const band = bandOf(`${chart} ${quantity.id} ${leader.group}`, quantity, runs, memory);
    if (band.length === 0) return [];
    const { steps, mean, low, high, length, count } = band;
    return [
      {
        key: `${leader.group} ${quantity.id} mean`,
        name: `${quantity.name}, mean of ${count} seeds`,
        help: `Band: from the lowest to the highest of ${count} runs that differ in their seed, each with its latest value.`,
        colour: colourOfRun(leader),
        weight: 'thin',
        dash: i === 0 ? [] : testDots,
        steps,
        values: mean,
        length,
        map: null,
        error: null,
        spread: { lower: (row) => low[row]!, upper: (row) => high[row]! },
        converged: null,
        held: false,
        standing: false,
        quiet: false,
      },
    ];
  });
}

function bandOf(key: string, quantity: Quantity, runs: readonly Run[], { bands }: BandMemory): SeedBand {
  const stamp = runs.map(({ id, series }) => `${id} ${series.version}`).join();
  const known = bands.get(key) ?? { stamp: '', band: emptyBand() };
  bands.set(key, known);
  if (known.stamp !== stamp) {
    seedBand(runs.map(quantity.readings), known.band);
    known.stamp = stamp;
  }
  return known.band;
}

export interface StepMark {
  readonly step: number;
  readonly name: string;
  readonly colour: string;
}

/** Changes of η, pauses and branch points of the runs that are drawn. */
export function stepMarks(runs: readonly Run[], current: string | null): readonly StepMark[] {
  const shown = shownRuns(runs, current);
  return shown.flatMap((run): StepMark[] => {
    const colour = shown.length === 1 ? 'fg-2' : colourOfRun(run);
    const prefix = shown.length === 1 ? '' : `${run.title}: `;
    const branch = run.branchedFrom;
    return [
      ...(branch ? [{ step: branch.step, name: `${prefix}branch from step ${branch.step}`, colour }] : []),
      ...run.series.events.flatMap((event): StepMark[] => {
        const name = eventName(event);
        return name ? [{ step: event.step, name: prefix + name, colour }] : [];
      }),
    ];
  });
}

function eventName(event: Run['series']['events'][number]): string | null {
  if (event.event === 'learningRate' && event.record === 'event') return `η ${event.from} → ${event.to}`;
  if (event.event === 'paused') return 'paused';
  if (event.event === 'stopCondition' && event.record === 'event')
    return `stop condition: ${event.quantity} ${event.value} passed ${event.limit}`;
  if (event.event === 'diverged') return 'diverged';
  return null;
}

/** Sum of the versions of what is drawn, with who it is of: equal as long as there is nothing new to draw. */
export const dataStamp = (runs: readonly Run[], current: string | null): string =>
  `${current} ${runs.map(({ id, visible, series, colour, title, group }) => (visible ? `${id} ${series.version} ${colour} ${title} ${group}` : '')).join()}`;
