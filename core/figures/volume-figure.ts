import { type Clip, colourScaleOf, contourLevels, contourText, type SliceQuantity } from './field-colours.ts';
import { type Cell, drawable, type Figure, type Reference, type Specification } from './figure.ts';
import { largest, smallest } from './largest.ts';
import { numberText } from './number-text.ts';
import { panels } from './panels.ts';
import { drawnValues, newStates, type Plane, planeLayers, planeResolve, stateCounts } from './plane-layers.ts';
import { directionName, stateSentences } from './slice-caption.ts';
import type { SliceAxis } from './slice-input.ts';
import { emptyFrame, type Frame, type Theme } from './theme.ts';

export interface VolumeFigureInput {
  readonly axes: readonly [alpha: SliceAxis, beta: SliceAxis, gamma: SliceAxis];
  readonly quantity: SliceQuantity;
  /** Point (i, j, k) is entry i + n₀ (j + n₁ k). */
  readonly values: ArrayLike<number>;
  /** 1 where the value was computed. */
  readonly computed: ArrayLike<number>;
  readonly clip?: Clip | null;
  readonly warnings: readonly string[];
  readonly formula: string;
  readonly command: string;
  readonly references?: readonly Reference[];
}

export const symbols = ['α', 'β', 'γ'] as const;
/** Horizontal axis, vertical axis, axis that is held. */
const sections = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 2, 0],
] as const;

/** Three orthogonal sections of a volume through its centre, in one scale of colours, which is that of the sections. */
export function volumeFigure(input: VolumeFigureInput, theme: Theme = 'light'): Figure {
  const { axes, quantity, clip = null } = input;
  const cut = sections.map((section) => sectionOf(input, section));
  const known = cut.flatMap(drawnValues);
  const scale = colourScaleOf(known, quantity.scale, clip);
  const { step, levels } = contourLevels(scale);
  const contours = contourText(step, scale);
  const name = quantity.title.toLowerCase();
  const frame: Frame = {
    title: `${quantity.title} in a volume`,
    subtitle: [input.formula, contours].filter(Boolean).join(', '),
    description: `Three sections of the ${name} in a volume through the parameters`,
    theme,
  };
  const values = cut.flatMap((one) => one.values);
  const computed = cut.flatMap((one) => one.computed);
  const counts = stateCounts(values, computed);
  const words = newStates(cut);
  const held = cut.map(({ text }) => text).join(', ');
  return {
    id: `${quantity.id.replaceAll('_', '-')}-volume`,
    title: frame.title,
    caption: [
      `Sections at ${held} of the volume spanned by ${[...new Set(axes.map(({ kind }) => directionName(kind)))].join(', ')}.`,
      axes.every(({ norm }) => Number.isFinite(norm))
        ? `One unit is ${axes.map(({ norm }, k) => `‖d${'₁₂₃'[k]}‖ = ${numberText(norm, 3)} of ${symbols[k]}`).join(', ')}.`
        : '',
      `Colours show ${scale.kind === 'log' ? `the logarithm of the ${name}` : `the ${name}`}, one scale for all three${contours ? `, ${contours}` : ''}.`,
      scale.clipHigh === null && scale.clipLow === null ? '' : 'Colours are clipped at the dashed line.',
      ...stateSentences(counts, name),
      ...input.warnings,
    ]
      .filter(Boolean)
      .join(' '),
    alternative:
      smallest(known) > largest(known)
        ? `Empty maps: no ${name} in this volume has a finite value.`
        : `Three maps side by side, sections at ${held}, of the ${name} from ${numberText(smallest(known), 3)} to ${numberText(largest(known), 3)}.`,
    specification: computed.some((one) => one === 1)
      ? panels(
          frame,
          'hconcat',
          cut.map((one, k): Specification => {
            const plane: Plane = { ...one, quantity, scale, levels, bar: k === 2 ? 180 : 0 };
            return {
              width: 215,
              height: 215,
              title: panelTitle(one.text),
              layer: planeLayers(plane, theme, words[k]),
              resolve: planeResolve,
            };
          }),
        )
      : emptyFrame(frame, `No ${name} in this volume has been computed yet.`),
    command: input.command,
    references: input.references ?? [],
    data: {
      columns: ['alpha', 'beta', 'gamma', quantity.id, 'computed', 'infinite'],
      rows: cut.flatMap(({ points }) =>
        points.map(([i, j, k]): Cell[] => {
          const at = i + axes[0].values.length * (j + axes[1].values.length * k);
          const isKnown = input.computed[at] === 1;
          const value = input.values[at]!;
          return [
            axes[0].values[i]!,
            axes[1].values[j]!,
            axes[2].values[k]!,
            isKnown ? drawable(value) : null,
            isKnown ? 1 : 0,
            isKnown && Math.abs(value) === Number.POSITIVE_INFINITY ? Math.sign(value) : 0,
          ];
        }),
      ),
    },
  };
}

/** Over one of several plots. */
export const panelTitle = (text: string) => ({
  text,
  fontSize: 12,
  fontWeight: 'normal',
  frame: 'group',
  anchor: 'middle',
  offset: 6,
});

/** The place nearest to zero. */
function centreOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce((best, value, i, all) => (Math.abs(value) < Math.abs(all[best]!) ? i : best), 0);
}

function sectionOf({ axes, values, computed }: VolumeFigureInput, [h, v, held]: (typeof sections)[number]) {
  const centre = centreOf(axes[held].values);
  const points: [number, number, number][] = [];
  for (let row = 0; row < axes[v].values.length; row++)
    for (let column = 0; column < axes[h].values.length; column++) {
      const place: [number, number, number] = [centre, centre, centre];
      place[h] = column;
      place[v] = row;
      points.push(place);
    }
  const at = points.map(([i, j, k]) => i + axes[0].values.length * (j + axes[1].values.length * k));
  return {
    x: { values: axes[h].values, title: symbols[h] },
    y: { values: axes[v].values, title: symbols[v] },
    values: at.map((i) => values[i]!),
    computed: at.map((i) => computed[i]!),
    points,
    text: `${symbols[held]} = ${numberText(axes[held].values[centre] ?? 0, 3)}`,
  };
}
