import { shortThresholdName } from './edge-sentence.ts';
import { drawable, type Figure, type Reference, type Specification, type Table } from './figure.ts';
import { largest } from './largest.ts';
import { linearDomain } from './linear-domain.ts';
import { numberText } from './number-text.ts';
import { colours, dash, emptyFrame, type Frame, framed, type Theme } from './theme.ts';

export interface EigenvalueReading {
  readonly value: number;
  readonly residual: number;
  /** How far the nearest true eigenvalue can be. */
  readonly errorEstimate: number;
}

export interface EigenvalueFigureInput {
  /** Largest first. */
  readonly eigenvalues: readonly EigenvalueReading[];
  readonly threshold: { readonly name: string; readonly value: number } | null;
  readonly operator: string;
  readonly command: string;
  readonly references?: readonly Reference[];
  /** Where each is the mean of several spectra: how many. `errorEstimate` is then their standard deviation. */
  readonly meanOf?: number;
  /** Those of a second spectrum, beside them at each rank. */
  readonly compared?: {
    readonly eigenvalues: readonly EigenvalueReading[];
    readonly name: string;
    readonly ownName: string;
  };
}

/** So far, in pixels, two spectra stand apart at one rank. */
const apart = 5;

/** The leading eigenvalues in order of size, each with the estimate of its error. */
export function eigenvalueFigure(input: EigenvalueFigureInput, theme: Theme = 'light'): Figure {
  const palette = colours[theme];
  const { compared, meanOf = null } = input;
  const points = pointsOf(input.eigenvalues, compared?.ownName ?? 'own');
  const others = compared ? pointsOf(compared.eigenvalues, compared.name) : [];
  const residuals = input.eigenvalues.map(({ residual }) => residual).filter(Number.isFinite);
  const worst = Math.max(0, ...input.eigenvalues.map(({ errorEstimate }) => drawable(errorEstimate) ?? 0));
  const frame: Frame = {
    title: 'Leading eigenvalues',
    subtitle: `of the ${input.operator}, largest first`,
    description: 'Leading eigenvalues in order of size',
    theme,
  };
  const x = {
    field: 'k',
    type: 'ordinal',
    title: 'Rank k',
    axis: { labelAngle: 0, labelOverlap: true },
    // A shorter list must not decide which ranks there are.
    scale: { domain: Array.from({ length: Math.max(points.length, others.length) }, (_, i) => i + 1) },
  };
  const legend = compared ? [compared.ownName, compared.name] : null;
  const marksOf = (rows: ReturnType<typeof pointsOf>, i: 0 | 1): Specification[] => {
    const xOffset = legend ? { xOffset: i === 0 ? -apart : apart } : {};
    const color = legend
      ? { color: { field: 'series', type: 'nominal', scale: { domain: legend, range: palette.series.slice(0, 2) } } }
      : {};
    const own = legend ? {} : { color: palette.series[0] };
    return [
      {
        data: { values: rows },
        mark: { type: 'rule', strokeWidth: 1.5, ...own, ...xOffset },
        encoding: { x, y: { field: 'low', ...y }, y2: { field: 'high' }, ...color },
      },
      {
        data: { values: rows },
        mark: { type: 'point', filled: true, size: 55, opacity: 1, ...own, ...xOffset },
        encoding: { x, y: { field: 'y', ...y }, ...color },
      },
    ];
  };
  const highest = largest([...points, ...others].map(({ y: value }) => value));
  // A line far above the points would press them to the axis.
  const threshold = input.threshold && input.threshold.value <= 2 * highest ? input.threshold : null;
  const outside =
    input.threshold && threshold === null
      ? `${shortThresholdName(input.threshold.name)} = ${numberText(input.threshold.value)} lies above this figure.`
      : '';
  const y = {
    type: 'quantitative',
    title: 'Eigenvalue λₖ',
    scale: {
      domain: linearDomain([
        ...[...points, ...others].flatMap(({ low, high }) => [low, high]),
        threshold?.value ?? null,
      ]),
      nice: false,
    },
  };
  const [first, last] = [input.eigenvalues[0], input.eigenvalues.at(-1)];
  return {
    id: 'eigenvalues',
    title: 'Leading eigenvalues',
    caption: [
      meanOf === null
        ? `The ${points.length} leading eigenvalues by Lanczos. Bars are ± the estimated error min(r, r²/gap), at most ${numberText(worst, 2)}${worst < 1e-3 * Math.abs(first?.value ?? 0) ? ': too small to be seen here' : ''}.`
        : `Means of the ${points.length} leading eigenvalues of ${meanOf} spectra. Bars are ± the standard deviation from one spectrum to the next.`,
      meanOf === null && residuals.length > 0
        ? `Residuals r = ‖Hv − λv‖ from ${numberText(Math.min(...residuals), 2)} to ${numberText(Math.max(...residuals), 2)}; some eigenvalue lies within r of each value.`
        : '',
      compared ? `Beside them those of ${compared.name}, rank by rank.` : '',
      outside,
    ]
      .filter(Boolean)
      .join(' '),
    alternative:
      first && last
        ? `Points: eigenvalue 1 is ${numberText(first.value)}, eigenvalue ${points.length} is ${numberText(last.value)}.`
        : 'Empty chart: no eigenvalue has been computed yet.',
    specification:
      points.length === 0
        ? emptyFrame(frame, 'No eigenvalue has been computed yet.')
        : framed(frame, {
            data: { values: points },
            layer: [
              ...(threshold === null
                ? []
                : [
                    {
                      data: {
                        values: [
                          {
                            y: threshold.value,
                            label: `${shortThresholdName(threshold.name)} = ${numberText(threshold.value)}`,
                          },
                        ],
                      },
                      encoding: { y: { field: 'y', ...y } },
                      layer: [
                        {
                          mark: {
                            type: 'rule',
                            color: palette.threshold,
                            strokeDash: dash.threshold,
                            strokeWidth: 1.5,
                          },
                        },
                        {
                          mark: {
                            type: 'text',
                            align: 'right',
                            dy: -8,
                            fontSize: 12,
                            color: palette.threshold,
                            x: { expr: 'width' },
                          },
                          encoding: { text: { field: 'label' } },
                        },
                      ],
                    },
                  ]),
              ...marksOf(points, 0),
              ...(compared ? marksOf(others, 1) : []),
            ],
          }),
    command: input.command,
    references: input.references ?? [],
    data: tableOf(input),
  };
}

const pointsOf = (eigenvalues: readonly EigenvalueReading[], series: string) =>
  eigenvalues.map(({ value, errorEstimate }, i) => {
    const [at, bound] = [drawable(value), drawable(errorEstimate) ?? 0];
    return { k: i + 1, y: at, low: at === null ? null : at - bound, high: at === null ? null : at + bound, series };
  });

function tableOf({ eigenvalues, compared }: EigenvalueFigureInput): Table {
  const columns = ['k', 'eigenvalue', 'errorEstimate', 'residual'];
  const rows = (list: readonly EigenvalueReading[]) =>
    list.map(({ value, errorEstimate, residual }, i) => [
      i + 1,
      drawable(value),
      drawable(errorEstimate),
      drawable(residual),
    ]);
  if (!compared) return { columns, rows: rows(eigenvalues) };
  const named = (name: string, list: readonly EigenvalueReading[]) => rows(list).map((row) => [name, ...row]);
  return {
    columns: ['spectrum', ...columns],
    rows: [...named(compared.ownName, eigenvalues), ...named(compared.name, compared.eigenvalues)],
  };
}
