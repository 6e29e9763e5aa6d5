import { type Cell, drawable, type Figure, type Reference, type Specification } from './figure.ts';
import { numberText } from './number-text.ts';
import { colours, dash, emptyFrame, type Frame, framed, type Theme } from './theme.ts';

export interface ModeFigureInput {
  /** Of the checkpoints. */
  readonly steps: ArrayLike<number>;
  readonly modes: readonly {
    readonly mode: number;
    readonly singularValue: number;
    readonly strengths: ArrayLike<number>;
    /** At the checkpoints; null where there is none. */
    readonly theory: ArrayLike<number> | null;
  }[];
  /** The theory between the checkpoints too, values by mode. */
  readonly curves: {
    readonly steps: ArrayLike<number>;
    readonly values: readonly (ArrayLike<number> | null)[];
  };
  /** The equation of the theory. */
  readonly formula: string;
  /** Which solution it is, for the caption: `balanced modes of two matrices`. */
  readonly theoryName: string;
  readonly notices: readonly string[];
  readonly command: string;
  readonly references?: readonly Reference[];
}

/** Twice the colours: the second round has squares. */
const mostModes = 12;
/** Points a mode that are drawn. */
const mostPoints = 60;

type Mode = ModeFigureInput['modes'][number];

/** Strengths of modes against the step: points of the run over dashed curves of the exact flow, a colour a mode. */
export function modeFigure(input: ModeFigureInput, theme: Theme = 'light'): Figure {
  const { steps, modes, formula } = input;
  const shown = strongest(modes);
  const frame: Frame = {
    title: 'Strengths of the modes',
    subtitle: `uᵢ = (UᵀWV)ᵢᵢ; dashed: ${formula}`,
    description: 'Strength of each mode of a linear network against the step',
    theme,
  };
  const isEmpty = shown.length === 0 || steps.length === 0;
  return {
    id: 'learning-modes',
    title: frame.title,
    caption: caption(input, shown),
    alternative: isEmpty ? 'Empty chart: no mode was read.' : alternative(steps, shown),
    specification: isEmpty
      ? emptyFrame(frame, 'No mode has been read yet.')
      : framed(frame, specification(input, shown, theme)),
    command: input.command,
    references: input.references ?? [],
    data: {
      columns: ['mode', 'singularValue', 'step', 'strength', 'theory'],
      rows: modes.flatMap(({ mode, singularValue, strengths, theory }) =>
        Array.from(strengths, (strength, i): Cell[] => [
          mode,
          singularValue,
          steps[i]!,
          drawable(strength),
          drawable(theory?.[i]),
        ]),
      ),
    },
  };
}

const strongest = (modes: readonly Mode[]): readonly Mode[] =>
  [...modes].sort((a, b) => b.singularValue - a.singularValue).slice(0, mostModes);

const nameOf = ({ mode, singularValue }: Mode): string => `mode ${mode}, s = ${numberText(singularValue, 3)}`;

function specification({ steps, curves, modes }: ModeFigureInput, shown: readonly Mode[], theme: Theme): Specification {
  const { series } = colours[theme];
  const names = shown.map(nameOf);
  const kept = thinned(steps.length);
  const points = shown.flatMap((mode) =>
    kept.map((i) => ({ step: steps[i]!, u: drawable(mode.strengths[i]), mode: nameOf(mode) })),
  );
  const theory = shown.flatMap((mode) => {
    const values = curves.values[modes.indexOf(mode)];
    return values ? Array.from(values, (u, i) => ({ step: curves.steps[i]!, u: drawable(u), mode: nameOf(mode) })) : [];
  });
  const color = {
    field: 'mode',
    type: 'nominal',
    legend: { symbolType: 'circle', symbolSize: 60, columns: 4 },
    scale: { domain: names, range: shown.map((_, i) => series[i % series.length]!) },
    sort: null,
  };
  const shape = {
    field: 'mode',
    type: 'nominal',
    scale: { domain: names, range: shown.map((_, i) => (i < series.length ? 'circle' : 'square')) },
    sort: null,
  };
  const x = {
    field: 'step',
    type: 'quantitative',
    title: 'Step',
    scale: { domain: [steps[0]!, steps[steps.length - 1]!], nice: false },
  };
  const y = { field: 'u', type: 'quantitative', title: 'Strength u' };
  return {
    layer: [
      {
        data: { values: theory },
        mark: { type: 'line', strokeDash: dash.theory, strokeWidth: 1.75 },
        encoding: { x, y, color },
      },
      {
        data: { values: points },
        mark: { type: 'point', filled: true, size: 26, opacity: 1 },
        encoding: { x, y, color, shape },
      },
    ],
  };
}

/** Every so many places, at most `mostPoints`. */
function thinned(length: number): number[] {
  const every = Math.max(1, Math.ceil(length / mostPoints));
  return Array.from({ length: Math.ceil(length / every) }, (_, i) => i * every);
}

function caption({ steps, modes, theoryName, notices }: ModeFigureInput, shown: readonly Mode[]): string {
  const withTheory = shown.filter(({ theory }) => theory !== null).length;
  const drawn = thinned(steps.length).length;
  return [
    `Points: strengths of the checkpoints${drawn < steps.length ? `, ${drawn} of ${numberText(steps.length)} drawn` : ''}.`,
    withTheory > 0
      ? `Dashed: the exact solution of the gradient flow for ${theoryName}, from the strengths of the first checkpoint.`
      : '',
    shown.length < modes.length ? `The ${shown.length} strongest of ${modes.length} modes are drawn.` : '',
    ...notices,
  ]
    .filter(Boolean)
    .join(' ');
}

function alternative(steps: ArrayLike<number>, shown: readonly Mode[]): string {
  const [first, last] = [steps[0]!, steps[steps.length - 1]!];
  const told = shown.map(({ mode, singularValue, strengths }) => {
    const end = strengths[strengths.length - 1]!;
    return `mode ${mode} from ${numberText(strengths[0]!, 2)} to ${numberText(end, 3)} of ${numberText(singularValue, 3)}`;
  });
  return `Strengths of modes from step ${first} to ${last}: ${told.join('; ')}.`;
}
