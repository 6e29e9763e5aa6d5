import { evenLevels } from './contours.ts';
import { logAxis } from './log-axis.ts';
import { numberText } from './number-text.ts';

const colourTicks = 5;

/** Where the colour scale is labelled: at round losses, also where colours follow their logarithm. */
export function colourScaleTicks(low: number, high: number, logarithmic: boolean): { at: number; label: string }[] {
  if (!logarithmic) return evenLevels(low, high, colourTicks).levels.map((at) => ({ at, label: numberText(at) }));
  const axis = logAxis([10 ** low, 10 ** high]);
  return (axis?.ticks ?? [])
    .map((tick, i) => ({ at: Math.log10(tick), label: axis?.labels[i] ?? '' }))
    .filter(({ at }) => at >= low && at <= high);
}
