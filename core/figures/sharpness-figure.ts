import { type EdgeReading, edgeSentence } from './edge-sentence.ts';
import { type Cell, drawable, type Figure, type Reference } from './figure.ts';
import { largest } from './largest.ts';
import { linearDomain } from './linear-domain.ts';
import { numberText } from './number-text.ts';
import { colours, dash, emptyFrame, type Frame, framed, type Theme } from './theme.ts';
import { thinLine } from './thin-line.ts';

export interface SharpnessPoint extends EdgeReading {
  /** ‖Hv − λv‖ for the unit vector v: an eigenvalue lies within it. */
  readonly residual: number;
}

export interface SharpnessFigureInput {
  readonly points: readonly SharpnessPoint[];
  /** Of the smallest eigenvalue; may be empty. */
  readonly lowest: readonly { readonly step: number; readonly value: number; readonly residual: number }[];
  /** What `threshold` is, such as `2/η`. */
  readonly thresholdName: string;
  /** Of the operator, for people: `Hessian` or `preconditioned Hessian`. */
  readonly operator: string;
  readonly command: string;
  /** Cohen et al. (2021) by itself. */
  readonly references?: readonly Reference[];
}

const cohen2021: Reference = {
  text: 'J. Cohen, S. Kaur, Y. Li, J. Z. Kolter, A. Talwalkar (2021): Gradient descent on neural networks typically occurs at the edge of stability',
  bibtex:
    '@inproceedings{cohen2021gradient, author={Cohen, Jeremy and Kaur, Simran and Li, Yuanzhi and Kolter, J. Zico and Talwalkar, Ameet}, title={Gradient descent on neural networks typically occurs at the edge of stability}, booktitle={International Conference on Learning Representations}, year={2021}}',
};

/** λ_max over the steps with the band of its residual, and the threshold of stability where there is one. */
export function sharpnessFigure(input: SharpnessFigureInput, theme: Theme = 'light'): Figure {
  const palette = colours[theme];
  const measured = [
    { name: 'λ₁', colour: palette.series[0], points: input.points },
    { name: 'λ smallest', colour: palette.series[2], points: input.lowest },
  ]
    .filter(({ points }) => points.length > 0)
    .map(({ name, colour, points }) => ({ label: `${name} ${lastText(points)}`, colour, dash: dash.solid, points }));
  const thresholds = input.points.filter(({ threshold }) => drawable(threshold) !== null);
  const lastThreshold = thresholds.at(-1)?.threshold ?? null;
  const thresholdLabel = lastThreshold === null ? null : `${input.thresholdName} ${numberText(lastThreshold)}`;
  const legend = [
    ...measured.map(({ label, colour }) => ({ label, colour, dash: dash.solid })),
    ...(thresholdLabel === null ? [] : [{ label: thresholdLabel, colour: palette.threshold, dash: dash.threshold }]),
  ];
  const lines = [
    ...measured.flatMap(({ label, points }) =>
      thinLine(
        points.map(({ step, value, residual }) => ({ x: step, y: drawable(value), r: drawable(residual) ?? 0 })),
      ).map(({ x, y, r }) => ({
        x,
        y,
        low: y === null ? null : y - r,
        high: y === null ? null : y + r,
        series: label,
      })),
    ),
    ...thinLine(thresholds.map(({ step, threshold }) => ({ x: step, y: threshold }))).map((point) => ({
      ...point,
      series: thresholdLabel,
    })),
  ];
  const y = {
    type: 'quantitative',
    title: 'Eigenvalue λ',
    scale: { domain: linearDomain(lines.map(({ y: value }) => value)), nice: false },
  };
  const failed = input.points.filter(({ converged }) => !converged);
  const frame: Frame = {
    title: 'Sharpness',
    subtitle: `leading eigenvalue λ of the ${input.operator}`,
    description: 'Largest curvature over the steps of training',
    theme,
  };
  const x = { field: 'x', type: 'quantitative', title: 'Step', axis: { format: ',d', tickMinStep: 1 } };
  const color = {
    field: 'series',
    type: 'nominal',
    scale: { domain: legend.map(({ label }) => label), range: legend.map(({ colour }) => colour) },
  };
  const strokeDash = {
    field: 'series',
    type: 'nominal',
    scale: { domain: legend.map(({ label }) => label), range: legend.map((entry) => entry.dash) },
  };
  const worst = largest(
    input.points.map(({ residual }) => residual),
    0,
  );
  return {
    id: 'sharpness',
    title: 'Sharpness over training',
    caption: [
      `Leading eigenvalue of the ${input.operator} by Lanczos. The band is ± the residual ‖Hv − λv‖, at most ${numberText(worst, 2)}${worst > 0 ? ', where that is wide enough to be seen' : ''}.`,
      edgeSentence(input.points, input.thresholdName),
      failed.length > 0
        ? `${failed.length} of ${input.points.length} measurements had not converged: hollow points, lower bounds within their residual.`
        : '',
    ]
      .filter(Boolean)
      .join(' '),
    alternative: alternative(input),
    specification:
      input.points.length + input.lowest.length === 0
        ? emptyFrame(frame, 'No sharpness has been measured yet.')
        : framed(frame, {
            data: { values: lines },
            encoding: { x },
            layer: [
              // The colours of the bands are fixed: a second encoding by series would have a legend of its own.
              ...measured.map(({ label, colour }) => ({
                transform: [{ filter: { field: 'series', equal: label } }],
                mark: { type: 'area', opacity: 0.2, color: colour },
                encoding: { y: { field: 'low', ...y }, y2: { field: 'high' } },
              })),
              {
                mark: { type: 'line' },
                encoding: { y: { field: 'y', ...y }, color, strokeDash },
              },
              ...(failed.length === 0
                ? []
                : [
                    {
                      data: { values: failed.map(({ step, value }) => ({ x: step, y: drawable(value) })) },
                      mark: { type: 'point', size: 40, color: palette.series[0], fill: palette.background },
                      encoding: { x, y: { field: 'y', ...y } },
                    },
                  ]),
            ],
          }),
    command: input.command,
    references: input.references ?? [cohen2021],
    data: {
      columns: ['quantity', 'step', 'value', 'residual', 'threshold', 'converged'],
      rows: [
        ...input.points.map(({ step, value, residual, threshold, converged }): Cell[] => [
          'largest',
          step,
          drawable(value),
          drawable(residual),
          drawable(threshold),
          converged ? 1 : 0,
        ]),
        ...input.lowest.map(({ step, value, residual }): Cell[] => [
          'smallest',
          step,
          drawable(value),
          drawable(residual),
          null,
          null,
        ]),
      ],
    },
  };
}

function lastText(points: readonly { readonly value: number }[]): string {
  const last = points.at(-1);
  return last ? numberText(last.value) : '';
}

function alternative({ points, thresholdName }: SharpnessFigureInput): string {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return 'Empty chart: no sharpness has been measured yet.';
  return `Line chart: sharpness from ${numberText(first.value, 3)} at step ${first.step} to ${numberText(last.value, 3)} at step ${last.step}. ${edgeSentence(points, thresholdName)}`;
}
