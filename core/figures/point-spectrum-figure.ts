import type { Cell, Figure, Reference, Specification } from './figure.ts';
import { labelExpression } from './log-axis.ts';
import { numberText, superscript } from './number-text.ts';
import { colours, emptyFrame, type Frame, framed, type Theme } from './theme.ts';

export interface PointSpectrumInput {
  /** `point 47`. */
  readonly name: string;
  /** All of them, ascending. */
  readonly eigenvalues: readonly number[];
  readonly negative: number;
  readonly null: number;
  readonly positive: number;
  /** |λ| within it counts as zero. */
  readonly tolerance: number;
  readonly command: string;
  readonly references?: readonly Reference[];
}

/** The axis is linear from −c to c: c a power of ten below the smallest eigenvalue that is not zero, four decades at most. */
export function linearWithin({
  eigenvalues,
  tolerance,
}: Pick<PointSpectrumInput, 'eigenvalues' | 'tolerance'>): number {
  const sizes = eigenvalues.map(Math.abs).filter((size) => size > tolerance);
  const largest = Math.max(...sizes, 0);
  if (!(largest > 0)) return 1;
  const least = Math.max(Math.min(...sizes), largest * 1e-4);
  return 10 ** Math.floor(Math.log10(least));
}

/** Eigenvalues in order on a symmetric logarithmic axis: how many are negative, how many are zero, and how far they are. */
export function pointSpectrumFigure(input: PointSpectrumInput, theme: Theme = 'light'): Figure {
  const { name, eigenvalues, negative, positive, tolerance } = input;
  const within = linearWithin(input);
  const frame: Frame = {
    title: 'Eigenvalues in order',
    subtitle: `of the Hessian at ${name}; symmetric log scale, linear within ±${numberText(within)}`,
    description: `Eigenvalues of the Hessian at ${name}, in order`,
    theme,
    height: 380,
  };
  const isEmpty = eigenvalues.length === 0;
  return {
    id: `spectrum-of-${name.replaceAll(' ', '-')}`,
    title: frame.title,
    caption: `All ${eigenvalues.length} eigenvalues of the Hessian at ${name}: ${negative} negative, ${input.null} zero, ${positive} positive, where those of at most ${numberText(tolerance, 2)} count as zero.`,
    alternative: isEmpty
      ? 'Empty chart: the eigenvalues of this point are not all known.'
      : `${negative} negative eigenvalues from ${numberText(eigenvalues[0]!, 3)}, ${input.null} zero ones and ${positive} positive ones up to ${numberText(eigenvalues.at(-1)!, 3)}.`,
    specification: isEmpty
      ? emptyFrame(frame, 'The eigenvalues of this point are not all known.')
      : framed(frame, body(input, within, theme)),
    command: input.command,
    references: input.references ?? [],
    data: {
      columns: ['rank', 'eigenvalue', 'sign'],
      rows: eigenvalues.map((value, i): Cell[] => [i + 1, value, signOf(value, tolerance)]),
    },
  };
}

type Sign = 'negative' | 'zero' | 'positive';

const signOf = (value: number, tolerance: number): Sign =>
  Math.abs(value) <= tolerance ? 'zero' : value < 0 ? 'negative' : 'positive';

/** More lines than this touch each other. */
const mostStems = 400;

function body(input: PointSpectrumInput, within: number, theme: Theme): Specification {
  const { eigenvalues, tolerance } = input;
  const palette = colours[theme];
  const counts = { negative: input.negative, zero: input.null, positive: input.positive };
  const inks: Readonly<Record<Sign, string>> = {
    negative: palette.series[3],
    zero: palette.faint,
    positive: palette.series[0],
  };
  const present = (['negative', 'zero', 'positive'] as const).filter((sign) => counts[sign] > 0);
  const named = (sign: Sign) => `${counts[sign]} ${sign}`;
  const values = eigenvalues.map((value, i) => ({
    rank: i + 1,
    value,
    zero: 0,
    sign: named(signOf(value, tolerance)),
  }));
  const [least, most] = [Math.min(0, eigenvalues[0]!), Math.max(0, eigenvalues.at(-1)!)];
  const ticks = symmetricTicks(least, most, within);
  const y = {
    type: 'quantitative',
    title: 'Eigenvalue λ',
    scale: { type: 'symlog', constant: within, domain: [least * 1.2, most * 1.2], nice: false },
    axis: { values: ticks, labelExpr: labelExpression(ticks, ticks.map(tickText)), labelOverlap: false },
  };
  const x = {
    field: 'rank',
    type: 'quantitative',
    title: 'Rank, 1 is the most negative',
    scale: { domain: [0.2, eigenvalues.length + 0.8], nice: false },
    axis: { tickMinStep: 1, format: 'd' },
  };
  const color = {
    field: 'sign',
    type: 'nominal',
    scale: { domain: present.map(named), range: present.map((sign) => inks[sign]) },
    legend: { symbolType: 'circle', symbolSize: 60, symbolOpacity: 1 },
  };
  return {
    data: { values },
    encoding: { x, color },
    layer: [
      ...(eigenvalues.length <= mostStems
        ? [
            {
              mark: { type: 'rule', opacity: 0.45, strokeWidth: Math.max(1, Math.min(3, 160 / eigenvalues.length)) },
              encoding: { y: { field: 'zero', ...y }, y2: { field: 'value' } },
            },
          ]
        : []),
      {
        mark: { type: 'point', filled: true, size: eigenvalues.length > 120 ? 10 : 26, opacity: 1 },
        encoding: { y: { field: 'value', ...y } },
      },
      {
        data: { values: [{ at: 0 }] },
        mark: { type: 'rule', color: palette.axis },
        encoding: { x: null, color: null, y: { field: 'at', ...y } },
      },
    ],
  };
}

/** 0 and powers of ten on both sides, thinned to about eight. */
function symmetricTicks(low: number, high: number, within: number): number[] {
  const powers = (end: number): number[] => {
    const [first, last] = [Math.round(Math.log10(within)), Math.floor(Math.log10(Math.abs(end) * 1.2 || within / 10))];
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => 10 ** (first + i));
  };
  const [below, above] = [powers(low), powers(high)];
  const stride = Math.max(1, Math.ceil((below.length + above.length) / 8));
  const kept = (ticks: readonly number[]) => ticks.filter((_, i) => (ticks.length - 1 - i) % stride === 0);
  return [...kept(below).map((tick) => -tick), 0, ...kept(above)].sort((a, b) => a - b);
}

const tickText = (tick: number): string => {
  const size = Math.abs(tick);
  const text =
    tick === 0 || (size >= 1e-3 && size < 1e5) ? numberText(size) : `10${superscript(Math.round(Math.log10(size)))}`;
  return tick < 0 ? `−${text}` : text;
};
