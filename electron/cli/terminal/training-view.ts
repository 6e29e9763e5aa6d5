import type { EigenvalueProbe, ProbeKind, TrainingRecord } from '../../../core/training/records.ts';
import { braillePlot, type Curve, shortNumber } from './braille-plot.ts';

/** What the terminal remembers of a run to draw it: thinned so that a long run costs no more than a short one. */
export interface TrainingView {
  add(record: TrainingRecord): void;
  /** Loss and sharpness against its threshold, as lines of text. */
  charts(width: number, height: number, colours: boolean): string[];
  /** How many probes of each kind were made. */
  readonly probes: ReadonlyMap<ProbeKind, number>;
  /** One line of the newest numbers, each with its certificate. */
  numbers(): string;
}

interface Series {
  x: number[];
  y: number[];
}

const longest = 4096;

function push(series: Series, x: number, y: number): void {
  series.x.push(x);
  series.y.push(y);
  if (series.x.length < longest) return;
  series.x = series.x.filter((_, i) => i % 2 === 0);
  series.y = series.y.filter((_, i) => i % 2 === 0);
}

const blue = 34;
const green = 32;
const yellow = 33;
const magenta = 35;

/** `thresholdName` says which line is drawn, and for mini-batches what it does not say. */
export function trainingView(thresholdName: string): TrainingView {
  const trainLoss: Series = { x: [], y: [] };
  const testLoss: Series = { x: [], y: [] };
  const sharpness: Series = { x: [], y: [] };
  const threshold: Series = { x: [], y: [] };
  let newest: { step: number; loss: number; gradientNorm: number; learningRate: number } | null = null;
  let sharpest: EigenvalueProbe | null = null;
  let error: { train: number | null; test: number | null; step: number } = { train: null, test: null, step: 0 };
  const probes = new Map<ProbeKind, number>();
  return {
    probes,
    add(record) {
      if (record.record === 'probe') probes.set(record.kind, (probes.get(record.kind) ?? 0) + 1);
      if (record.record === 'step') {
        newest = record;
        push(trainLoss, record.step, record.loss);
      } else if (record.record === 'probe' && record.kind === 'sharpness') {
        sharpest = record;
        push(sharpness, record.step, record.value);
        if (record.threshold !== null) push(threshold, record.step, record.threshold);
      } else if (record.record === 'probe' && record.kind === 'loss') {
        error = { train: record.train.error, test: record.test?.error ?? null, step: record.step };
        if (record.test) push(testLoss, record.step, record.test.loss);
      }
    },
    charts(width, height, colours) {
      const losses: Curve[] = [{ name: 'train', ...trainLoss, colour: blue }];
      if (testLoss.x.length > 0) losses.push({ name: 'test', ...testLoss, colour: green });
      const curvature: Curve[] = [{ name: 'λ_max', ...sharpness, colour: magenta }];
      if (threshold.x.length > 0) curvature.push({ name: thresholdName, ...threshold, colour: yellow, dotted: true });
      const options = { width, height, xLabel: 'step', colours };
      return [
        ...braillePlot(losses, { ...options, title: 'Loss', logarithmic: true }),
        '',
        ...braillePlot(curvature, { ...options, title: 'Sharpness' }),
      ];
    },
    numbers() {
      if (!newest) return '';
      const parts = [`loss ${shortNumber(newest.loss)}`];
      // A probe may be older than the loss beside it: then it says of which step it is.
      const when = newest.step - error.step > 1 ? ` (step ${error.step})` : '';
      if (error.test !== null) parts.push(`test error ${(100 * error.test).toFixed(1)} %${when}`);
      else if (error.train !== null) parts.push(`error ${(100 * error.train).toFixed(1)} %${when}`);
      if (sharpest) {
        const line = sharpest.threshold === null ? '' : ` of ${shortNumber(sharpest.threshold)}`;
        parts.push(`λ_max ${shortNumber(sharpest.value)}${line} (residual ${sharpest.residual.toExponential(0)})`);
      }
      parts.push(`‖∇L‖ ${shortNumber(newest.gradientNorm)}`, `η ${shortNumber(newest.learningRate)}`);
      return parts.join('  ');
    },
  };
}
