import {
  penningtonBahriCriticalEnergy,
  penningtonBahriIndexFraction,
} from '../linalg/random-matrices/pennington-bahri.ts';
import type { Cell, Figure, Reference, Specification } from './figure.ts';
import { logAxis, logChannel } from './log-axis.ts';
import { numberText } from './number-text.ts';
import { panels } from './panels.ts';
import { colours, dash, emptyFrame, type Frame, type Theme } from './theme.ts';

export interface RandomLandscapeInput {
  /** φ, parameters over residuals, each below 1. */
  readonly aspects: readonly number[];
  /** Up to which energy, half a mean squared residual. */
  readonly highest: number;
  readonly command: string;
}

const references: readonly Reference[] = [
  {
    text: 'J. Pennington, Y. Bahri (2017): Geometry of neural network loss surfaces via random matrix theory.',
    bibtex:
      '@inproceedings{pennington2017geometry, title={Geometry of Neural Network Loss Surfaces via Random Matrix Theory}, author={Pennington, Jeffrey and Bahri, Yasaman}, booktitle={ICML}, year={2017}}',
  },
];

const curvePoints = 80;
const dashes = [
  [1, 0],
  [8, 3],
  [4, 3],
  [2, 2],
  [8, 3, 2, 3],
  [1, 4],
] as const;

interface CurvePoint {
  readonly energy: number;
  /** ε/ε_c − 1 */
  readonly excess: number;
  readonly alpha: number;
}

/** α(ε, φ) from ε_c, evenly on the logarithm of the excess, to the highest energy. */
export function indexCurve(aspect: number, highest: number): CurvePoint[] {
  const critical = penningtonBahriCriticalEnergy(aspect);
  const most = highest / critical - 1;
  if (!(critical > 0) || !(most > 0)) return [];
  const least = Math.min(0.005, most / 10);
  return Array.from({ length: curvePoints }, (_, i) => {
    const excess = least * (most / least) ** (i / (curvePoints - 1));
    const energy = critical * (1 + excess);
    return { energy, excess, alpha: penningtonBahriIndexFraction({ energy, aspect }, 400) };
  });
}

/** What random matrices say of index against energy (Pennington and Bahri): curves, and their onset with its slope 3/2. */
export function randomLandscapeFigure(
  { aspects, highest, command }: RandomLandscapeInput,
  theme: Theme = 'light',
): Figure {
  const curves = aspects
    .map((aspect) => ({ aspect, critical: penningtonBahriCriticalEnergy(aspect), points: indexCurve(aspect, highest) }))
    .filter(({ points }) => points.length > 0);
  const frame: Frame = {
    title: 'Index against energy in a random landscape',
    subtitle: 'share α of negative eigenvalues of a Wishart plus a Wigner matrix, by theory',
    description: 'Index fraction against energy of the random-matrix model of Pennington and Bahri',
    legendColumns: 4,
    theme,
  };
  return {
    id: 'random-landscape',
    title: frame.title,
    caption: `Theory, no data: the Hessian as a Wishart matrix of aspect φ (parameters over residuals) plus a free Wigner matrix of variance 2ε. No eigenvalue is negative below the critical energy${curves.length === 1 ? '' : ' of each φ'}: ${curves.map(({ aspect, critical }) => `ε_c = ${numberText(critical, 3)} for φ = ${numberText(aspect, 3)}`).join(', ')}. Below: α near ε_c on logarithmic axes beside a line of slope 3/2. The energy is that of the model; a network's own loss has another scale.`,
    alternative:
      curves.length === 0
        ? 'Empty chart: no curve begins below the highest energy.'
        : `${curves.length} rising curves. ${curves.map(({ aspect, critical, points }) => `φ = ${numberText(aspect, 3)}: from 0 at ${numberText(critical, 3)} to ${numberText(points.at(-1)!.alpha, 2)} at ${numberText(highest, 3)}`).join('; ')}.`,
    specification:
      curves.length === 0
        ? emptyFrame(frame, 'No curve begins below the highest energy.')
        : panels(frame, 'vconcat', plots(curves, theme)),
    command,
    references,
    data: {
      columns: ['phi', 'energy', 'excess', 'indexFraction'],
      rows: curves.flatMap(({ aspect, points }) =>
        points.map(({ energy, excess, alpha }): Cell[] => [aspect, energy, excess, alpha]),
      ),
    },
  };
}

interface Curve {
  readonly aspect: number;
  readonly critical: number;
  readonly points: readonly CurvePoint[];
}

function plots(curves: readonly Curve[], theme: Theme): Specification[] {
  const palette = colours[theme];
  const names = curves.map(({ aspect }) => `φ = ${numberText(aspect, 3)}`);
  const channel = (range: readonly unknown[], shown: boolean) => ({
    field: 'curve',
    type: 'nominal',
    scale: { domain: names, range: names.map((_, i) => range[i % range.length]) },
    ...(shown ? {} : { legend: null }),
  });
  const lines = (shown: boolean) => ({
    color: channel(palette.series, shown),
    strokeDash: channel(dashes, shown),
  });
  const whole = curves.flatMap(({ critical, points }, k) =>
    [{ energy: critical, alpha: 0 }, ...points].map(({ energy, alpha }) => ({
      x: energy,
      y: 100 * alpha,
      curve: names[k],
    })),
  );
  const near = curves.flatMap(({ points }, k) =>
    points
      .filter(({ alpha, excess }) => alpha > 0 && excess <= 10)
      .map(({ excess, alpha }) => ({ x: excess, y: alpha, curve: names[k] })),
  );
  const [x, y] = [logAxis(near.map((point) => point.x)), logAxis(near.map((point) => point.y))];
  const upper = {
    width: 500,
    height: 170,
    data: { values: whole },
    mark: { type: 'line', clip: true },
    encoding: {
      x: { field: 'x', type: 'quantitative', title: 'Energy ε', scale: { zero: true, nice: true } },
      y: { field: 'y', type: 'quantitative', title: 'Index fraction α (%)', scale: { zero: true, nice: true } },
      ...lines(true),
    },
  };
  if (x === null || y === null) return [upper];
  const channels = {
    x: { field: 'x', type: 'quantitative', title: 'ε/ε_c − 1', ...logChannel(x) },
    y: { field: 'y', type: 'quantitative', title: 'Index fraction α', ...logChannel(y) },
  };
  // Below the lowest of the curves.
  const [start, end] = [0.02, 0.5];
  const lowest = Math.min(...curves.map(({ points }) => points[0]!.alpha / points[0]!.excess ** 1.5));
  const guide = [start, end].map((at) => ({
    x: at,
    y: 0.35 * lowest * at ** 1.5,
    label: at === end ? 'slope 3/2' : '',
  }));
  return [
    upper,
    {
      width: 500,
      height: 200,
      layer: [
        { data: { values: near }, mark: { type: 'line', clip: true }, encoding: { ...channels, ...lines(false) } },
        {
          data: { values: guide },
          encoding: channels,
          layer: [
            { mark: { type: 'line', color: palette.quiet, strokeDash: dash.threshold, clip: true } },
            {
              mark: { type: 'text', align: 'left', dx: 6, dy: -4, fontSize: 12, color: palette.quiet },
              encoding: { text: { field: 'label' } },
            },
          ],
        },
      ],
    },
  ];
}
