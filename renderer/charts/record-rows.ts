import { certifiedText, numberText } from '../../core/figures/number-text.ts';
import type { ChartLine } from './chart-lines.ts';

/** A record as a table shows it. */
export interface RecordRow {
  readonly step: number;
  readonly value: string;
  readonly uncertainty: string | null;
  readonly converged: boolean;
}

/** The last `most` records of a line, newest first. */
export function lastRecords(
  { steps, values, length, map, error, converged }: ChartLine,
  most = 50,
): readonly RecordRow[] {
  return Array.from({ length: Math.min(most, length) }, (_, i) => {
    const row = length - 1 - i;
    const value = map ? map(values[row]!) : values[row]!;
    const certified = certifiedText(value, error?.(row) ?? null);
    return {
      step: steps[row]!,
      value: certified.uncertainty === null ? numberText(value, 4) : certified.value,
      uncertainty: certified.uncertainty,
      converged: converged?.(row) ?? true,
    };
  });
}
