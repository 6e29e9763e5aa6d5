import { numberText, superscript } from '../../core/figures/number-text.ts';

/** An axis of a chart: its ends and the numbers along it. */
export interface ValueAxis {
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  readonly ticks: readonly number[];
  readonly labels: readonly string[];
}

/** 1, 2 or 5 times a power of ten, at least `raw`. */
export function niceStep(raw: number): number {
  const unit = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 5].find((one) => one * unit >= raw * (1 - 1e-12)) ?? 10;
  return Number((factor * unit).toPrecision(12));
}

/**
 * From the values that are to be seen to an axis with about `most` numbers. Its ends are round, so that it stands still
 * while values change a little. Null where the range is not finite, or not positive on a logarithmic axis.
 */
export function valueAxis(low: number, high: number, log: boolean, most: number): ValueAxis | null {
  if (!(low <= high) || !Number.isFinite(high - low)) return null;
  if (log) return low > 0 ? logAxis(low, high, most) : null;
  return linearAxis(low, high, most);
}

/** Ends of a linear axis lie at multiples of this share of the distance between its numbers. */
const endShare = 1 / 5;

function linearAxis(lowest: number, highest: number, most: number): ValueAxis {
  const size = Math.max(Math.abs(lowest), Math.abs(highest));
  // Values that differ in their last digits only are one value to an axis.
  const span = highest - lowest > 1e-9 * size ? highest - lowest : size || 1;
  const step = niceStep(span / Math.max(1, most - 1));
  const fine = step * endShare;
  const low = Number((Math.floor(lowest / fine + 1e-9) * fine).toPrecision(12));
  const high = Math.max(low + fine, Number((Math.ceil(highest / fine - 1e-9) * fine).toPrecision(12)));
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.max(0, Math.floor(high / step + 1e-9) - first + 1);
  const ticks = Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
  return { low, high, log: false, ticks, labels: ticks.map(shortNumber) };
}

const roundFactors = [1, 2, 5, 10];

/** Down or up to 1, 2 or 5 times a power of ten. */
function roundOutwards(value: number, upwards: boolean): number {
  const decade = 10 ** Math.floor(Math.log10(value) + 1e-12);
  const share = value / decade;
  const factor = upwards
    ? (roundFactors.find((one) => one >= share * (1 - 1e-9)) ?? 10)
    : roundFactors.filter((one) => one <= share * (1 + 1e-9)).reduce((most, one) => Math.max(most, one), 1);
  return Number((factor * decade).toPrecision(12));
}

function logAxis(lowest: number, highest: number, most: number): ValueAxis {
  const low = roundOutwards(lowest, false);
  const high = Math.max(roundOutwards(highest, true), roundOutwards(1.5 * low, true));
  const [from, to] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  const powers = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
  if (powers.length >= 3 || (powers.length === 2 && most <= 3)) {
    const stride = Math.ceil(powers.length / most);
    const kept = powers.filter((power) => power % stride === 0);
    return {
      low,
      high,
      log: true,
      ticks: kept.map((power) => Number(`1e${power}`)),
      labels: kept.map((power) => `10${superscript(power)}`),
    };
  }
  const decade = Math.floor(Math.log10(low) + 1e-9);
  const rounds = [0, 1, 2].flatMap((k) => [1, 2, 5].map((digit) => Number(`${digit}e${decade + k}`)));
  const within = rounds.filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9));
  const ticks =
    [[1, 2, 5], [1, 5], [1]]
      .map((digits) => within.filter((tick) => digits.includes(leadingDigit(tick))))
      .find((some) => some.length <= most) ?? [];
  return { low, high, log: true, ticks, labels: ticks.map(shortNumber) };
}

const leadingDigit = (value: number): number => Number(value.toExponential()[0]);

/** For the margin of a chart, six characters wide. */
function shortNumber(value: number): string {
  const text = numberText(value, 6);
  if (text.length <= 6) return text;
  const [mantissa = '', exponent = '0'] = value.toExponential(2).split('e');
  return `${String(Number(mantissa)).replace('-', '−')}e${String(Number(exponent)).replace('-', '−')}`;
}

/** The numbers of the step axis: whole, about one in `pixelsApart` pixels. */
export function stepTicks(low: number, high: number, pixels: number, pixelsApart = 90): readonly number[] {
  if (!(high > low)) return [];
  const step = Math.max(1, niceStep(((high - low) * pixelsApart) / Math.max(1, pixels)));
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.max(0, Math.floor(high / step + 1e-9) - first + 1);
  return Array.from({ length: count }, (_, i) => (first + i) * step);
}

/** Steps are whole numbers: all their digits, in groups of three. */
export const stepText = (step: number): string => String(Math.round(step)).replace(/\B(?=(\d{3})+$)/g, '\u202f');

const roundEnds = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/**
 * Where the step axis ends when all steps are shown: at a round number beyond the newest record, so that the axis does not
 * move with each update, but not beyond the steps that are to be made.
 */
export function lastStepShown(newest: number, steps: number): number {
  const least = Math.max(newest, 10);
  const unit = 10 ** Math.floor(Math.log10(least));
  const round = Math.round((roundEnds.find((end) => end * unit >= least) ?? 10) * unit);
  return steps >= newest && steps > 0 ? Math.max(1, Math.min(round, steps)) : round;
}
