import { certifiedText, numberText } from '../../core/figures/number-text.ts';
import type { ChartLine } from './chart-lines.ts';
import { firstRowAtOrAfter } from './decimate.ts';
import { stepText } from './value-axis.ts';

/** What a line says at a step: its nearest record at or before it, never anything in between. */
export interface Reading {
  readonly row: number;
  readonly step: number;
  readonly value: number;
  readonly error: number | null;
  readonly converged: boolean;
}

export function readingAt(line: ChartLine, step: number): Reading | null {
  const { steps, values, length, map, error, converged } = line;
  const after = firstRowAtOrAfter(steps, length, step);
  const row = after < length && steps[after] === step ? after : after - 1;
  if (row < 0) return null;
  const raw = values[row]!;
  const uncertainty = error?.(row);
  return {
    row,
    step: steps[row]!,
    value: map ? map(raw) : raw,
    error: uncertainty === undefined || !Number.isFinite(uncertainty) ? null : uncertainty,
    converged: converged?.(row) ?? true,
  };
}

/** A number as a legend shows it, and the step it is of where that is another one than was asked for. */
export interface ReadingText {
  readonly number: string;
  readonly where: string;
}

/** `39.83 ± 0.02` and `at 2 150`; a dash before the first record. */
export function readingText(line: ChartLine, step: number): ReadingText {
  const reading = readingAt(line, step);
  if (!reading) return { number: '–', where: '' };
  const { value, error, converged } = reading;
  const certified = certifiedText(value, error);
  const number =
    certified.uncertainty === null ? numberText(value, 3) : `${certified.value} ± ${certified.uncertainty}`;
  const range = line.spread && !line.error ? rangeText(line, reading.row) : '';
  return {
    number: `${number}${range}${converged ? '' : ' ◌ not converged'}`,
    where: reading.step === Math.round(step) || line.held ? '' : `at ${stepText(reading.step)}`,
  };
}

/** Of several seeds: `(0.055 to 0.06)`. */
function rangeText({ spread }: ChartLine, row: number): string {
  return spread ? ` (${numberText(spread.lower(row), 3)} to ${numberText(spread.upper(row), 3)})` : '';
}
