import { type Cell, drawable, drawableOnLog, type Figure, type Reference, type Specification } from './figure.ts';
import { largest, smallest } from './largest.ts';
import { linearDomain } from './linear-domain.ts';
import { logAxis, logChannel } from './log-axis.ts';
import { numberText, percentText } from './number-text.ts';
import { panels } from './panels.ts';
import { colours, emptyFrame, type Frame, type Theme } from './theme.ts';
import { thinLine } from './thin-line.ts';

export interface TrajectoryFidelityInput {
  readonly steps: readonly number[];
  /** Where the path really is, and where the slice shows it; NaN where it is not known. */
  readonly trueLoss: ArrayLike<number>;
  readonly projectedLoss: ArrayLike<number>;
  /** ‖θᵢ − its shadow‖ and ‖θᵢ − origin‖ */
  readonly distance: ArrayLike<number>;
  readonly length: ArrayLike<number>;
  /** `line`, `plane`, `volume` */
  readonly shape: 'line' | 'plane' | 'volume';
  readonly warnings: readonly string[];
  readonly command: string;
  readonly references?: readonly Reference[];
}

/** 1 − distance²/length²; null at the origin of the slice, where there is no displacement to explain. */
const explainedShare = (distance: number, length: number): number | null =>
  length > 0 ? drawable(1 - (distance / length) ** 2) : null;

/** How faithful the picture of a path is, step by step: its loss and that of its shadow, its distance, what is shown of it. */
export function trajectoryFidelityFigure(input: TrajectoryFidelityInput, theme: Theme = 'light'): Figure {
  const { steps, shape } = input;
  const rows = steps.map((step, i) => ({
    step,
    trueLoss: drawable(input.trueLoss[i]),
    projectedLoss: drawable(input.projectedLoss[i]),
    distance: drawable(input.distance[i]),
    length: drawable(input.length[i]),
    explained: explainedShare(input.distance[i] ?? Number.NaN, input.length[i] ?? Number.NaN),
  }));
  const frame: Frame = {
    title: 'Path and shadow',
    subtitle: `how much of the path the ${shape} shows`,
    description: 'Loss of a path and of its shadow, distance, share explained',
    theme,
  };
  const shares = rows.map(({ explained }) => explained);
  const [least, most] = [smallest(shares), largest(shares)];
  const worst = largest(
    rows.map(({ trueLoss, projectedLoss }) =>
      trueLoss === null || projectedLoss === null ? null : Math.abs(projectedLoss - trueLoss),
    ),
    -1,
  );
  const unknown = rows.filter(({ trueLoss, projectedLoss }) => trueLoss === null || projectedLoss === null).length;
  return {
    id: 'trajectory-fidelity',
    title: 'How faithful the path is',
    caption: [
      `Top: the loss where the path really is and where the ${shape} shows it${worst < 0 ? '' : `, which differ by ${numberText(worst, 3)} at most`}.`,
      `Middle: distance of the path from the ${shape} and from its origin.`,
      `Bottom: share of the squared displacement from the origin that lies in the ${shape}${least > most ? '' : `, ${percentText(least)} at least and ${percentText(most)} at most`}.`,
      unknown > 0
        ? `At ${unknown} ${unknown === 1 ? 'step' : 'steps'} one of the two losses is unknown or not finite: gaps.`
        : '',
      ...input.warnings,
    ]
      .filter(Boolean)
      .join(' '),
    alternative:
      rows.length === 0 || least > most
        ? 'Empty charts: no path is known.'
        : `Three charts over ${rows.length} steps: the share explained goes from ${percentText(shares.find((one) => one !== null) ?? 0)} to ${percentText(shares.filter((one) => one !== null).at(-1) ?? 0)}, and is ${percentText(least)} where it is least.`,
    specification:
      rows.length === 0
        ? emptyFrame(frame, 'No path is known on this slice.')
        : panels(frame, 'vconcat', plots(rows, shape, theme)),
    command: input.command,
    references: input.references ?? [],
    data: {
      columns: ['step', 'true_loss', 'projected_loss', 'distance', 'length', 'explained'],
      rows: rows.map((row): Cell[] => Object.values(row)),
    },
  };
}

interface Row {
  readonly step: number;
  readonly trueLoss: number | null;
  readonly projectedLoss: number | null;
  readonly distance: number | null;
  readonly length: number | null;
  readonly explained: number | null;
}

function plots(rows: readonly Row[], shape: string, theme: Theme): Specification[] {
  const losses = rows.flatMap(({ trueLoss, projectedLoss }) => [trueLoss, projectedLoss]);
  const isLog = losses.every((loss) => loss === null || loss > 0) && largest(losses) / smallest(losses) >= 10;
  const axis = isLog ? logAxis(losses) : null;
  const place = isLog ? drawableOnLog : drawable;
  const domain = [smallest(rows.map(({ step }) => step)), largest(rows.map(({ step }) => step))];
  const plot = (
    lines: readonly { readonly name: string; readonly dashed?: boolean; readonly of: (row: Row) => number | null }[],
    y: object,
    isLast: boolean,
  ): Specification => {
    const names = lines.map(({ name }) => name);
    const channel = (range: readonly unknown[]) => ({
      field: 'name',
      type: 'nominal',
      scale: { domain: names, range },
    });
    return {
      width: 500,
      height: 115,
      data: {
        values: lines.flatMap(({ name, of }) =>
          thinLine(rows.map((row) => ({ x: row.step, y: of(row) }))).map((point) => ({ ...point, name })),
        ),
      },
      mark: { type: 'line', clip: true, strokeWidth: 2 },
      encoding: {
        x: {
          field: 'x',
          type: 'quantitative',
          title: isLast ? 'Step' : null,
          scale: { domain, nice: false, zero: false },
          axis: { format: ',d', tickMinStep: 1, labels: isLast },
        },
        y: { field: 'y', type: 'quantitative', ...y },
        color: {
          ...channel(names.map((_, i) => colours[theme].series[i])),
          legend: lines.length > 1 ? { orient: 'top' } : null,
        },
        strokeDash: {
          ...channel(lines.map(({ dashed }) => (dashed ? [6, 4] : [1, 0]))),
          legend: lines.length > 1 ? { orient: 'top' } : null,
        },
      },
    };
  };
  return [
    plot(
      [
        { name: 'path', of: ({ trueLoss }) => place(trueLoss) },
        { name: 'shadow', dashed: true, of: ({ projectedLoss }) => place(projectedLoss) },
      ],
      { title: 'Loss L', ...(axis ? logChannel(axis) : { scale: { domain: linearDomain(losses), nice: false } }) },
      false,
    ),
    plot(
      [
        { name: `to the ${shape}`, of: ({ distance }) => distance },
        { name: 'to the origin', dashed: true, of: ({ length }) => length },
      ],
      {
        title: 'Distance',
        scale: { domain: linearDomain(rows.flatMap(({ distance, length }) => [distance, length])), nice: false },
        axis: { tickCount: 4 },
      },
      false,
    ),
    plot(
      [{ name: 'explained', of: ({ explained }) => explained }],
      {
        title: 'Share explained',
        scale: {
          domain: [
            Math.min(
              0,
              smallest(
                rows.map(({ explained }) => explained),
                0,
              ),
            ),
            1,
          ],
          nice: false,
        },
        axis: { format: '.0%', tickCount: 4 },
      },
      true,
    ),
  ];
}
