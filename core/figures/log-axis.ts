import { numberText, superscript } from './number-text.ts';

/** At most this many numbers on an axis. */
const mostTicks = 6;

export interface LogAxis {
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly labels: readonly string[];
}

/**
 * A logarithmic axis for positive values: powers of ten, thinned evenly to six, where they span two decades or more;
 * below that 1, 2, 5. Null without any positive finite value.
 */
export function logAxis(values: Iterable<number | null>): LogAxis | null {
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (const value of values) {
    if (value === null || !(value > 0) || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (high === 0) return null;
  const margin = Math.max(1.05, (high / low) ** 0.03);
  const domain: [number, number] = [low / margin, Math.min(Number.MAX_VALUE, high * margin)];
  const powers = powersWithin(domain);
  if (powers.length >= 3) {
    const stride = Math.ceil(powers.length / mostTicks);
    const kept = powers.filter((power) => power % stride === 0);
    return { domain, ticks: kept.map((power) => 10 ** power), labels: kept.map((power) => `10${superscript(power)}`) };
  }
  const ticks = fineTicks(domain);
  return { domain, ticks, labels: ticks.map((tick) => numberText(tick)) };
}

function powersWithin([low, high]: readonly [number, number]): number[] {
  const [first, last] = [Math.ceil(Math.log10(low)), Math.floor(Math.log10(high))];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
}

/** 1, 2, 5 in each decade; on a shorter axis ever finer round steps. */
function fineTicks([low, high]: readonly [number, number]): number[] {
  const decade = Math.floor(Math.log10(low));
  const rounds = [0, 1, 2, 3].flatMap((k) => [1, 2, 5].map((digit) => Number(`${digit}e${decade + k}`)));
  const within = rounds.filter((tick) => tick >= low && tick <= high);
  if (within.length >= 3) return within.slice(0, mostTicks);
  const raw = (high - low) / 4;
  const unit = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((factor) => factor * unit >= raw) ?? 10) * unit;
  const first = Math.ceil(low / step);
  const count = Math.max(0, Math.floor(high / step) - first + 1);
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** A Vega expression that gives each tick the label made for it. */
export function labelExpression(ticks: readonly number[], labels: readonly string[], input = 'datum.value'): string {
  return ticks.reduceRight(
    (rest, tick, i) => `abs(${input} - ${tick}) <= ${Math.abs(tick) * 1e-9} ? ${JSON.stringify(labels[i])} : ${rest}`,
    `''`,
  );
}

/** Scale and axis of an encoding channel. */
export const logChannel = ({ domain, ticks, labels }: LogAxis) => ({
  scale: { type: 'log', domain, nice: false },
  axis: { values: ticks, labelExpr: labelExpression(ticks, labels), labelOverlap: false },
});
