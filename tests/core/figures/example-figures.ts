import { densityFigure } from '../../../core/figures/density-figure.ts';
import { densityWaterfallFigure } from '../../../core/figures/density-waterfall-figure.ts';
import { eigenvalueFigure } from '../../../core/figures/eigenvalue-figure.ts';
import type { Figure } from '../../../core/figures/figure.ts';
import { lossFigure } from '../../../core/figures/loss-figure.ts';
import { sharpnessFigure } from '../../../core/figures/sharpness-figure.ts';
import { sliceFigure } from '../../../core/figures/slice-figure.ts';
import type { Theme } from '../../../core/figures/theme.ts';

const command = 'saddlescope train "a & b.yaml"';
const formula = 'L(θ) = (1/N) Σᵢ ½ ‖fᵢ − yᵢ‖²';
const n = 15;
const axis = Float64Array.from({ length: n }, (_, i) => -2 + (4 * i) / (n - 1));
const bowl = Float64Array.from(
  { length: n * n },
  (_, i) => 0.01 + axis[i % n]! ** 2 + 3 * axis[Math.floor(i / n)]! ** 2,
);
const steps = Array.from({ length: 60 }, (_, i) => i * 10);
const direction = { values: axis, kind: 'principal direction', norm: 2, explained: 0.4, eigenvalue: null };
const gaussian = Float64Array.from({ length: 101 }, (_, i) => Math.exp(-((i - 20) ** 2) / 50));

/** A path that goes straight to the middle of the bowl. */
export const examplePath = {
  steps,
  alpha: steps.map((step) => -1.5 * Math.exp(-step / 200)),
  beta: steps.map((step) => Math.exp(-step / 100)),
  distance: steps.map((step) => step / 1000),
  length: steps.map((step) => step / 500),
};

export const exampleSlice = {
  alpha: direction,
  beta: { ...direction, explained: 0.3 },
  loss: bowl,
  computed: new Uint8Array(n * n).fill(1),
  path: examplePath,
  warnings: ['The path is a shadow here.'],
  formula,
  command,
};

const exampleDensity = {
  x: Float64Array.from(gaussian, (_, i) => i / 10),
  y: gaussian,
  standardError: gaussian.map((y) => y / 10),
  kernelWidth: 0.5,
  probes: 10,
  steps: 80,
};

/** One figure of each kind, from smooth numbers. */
export const exampleFigures = (theme: Theme = 'light'): Figure[] => [
  lossFigure(
    {
      train: steps.map((step) => ({ step, loss: Math.exp(-step / 100) })),
      test: steps.map((step) => ({ step, loss: 0.1 + Math.exp(-step / 100) })),
      fullBatch: true,
      formula,
      command,
    },
    theme,
  ),
  sharpnessFigure(
    {
      points: steps.map((step) => ({
        step,
        value: 40 - 20 * Math.exp(-step / 100),
        residual: 0.5,
        threshold: 40,
        converged: step !== 300,
      })),
      lowest: steps.map((step) => ({ step, value: -1 - step / 600, residual: 0.1 })),
      thresholdName: '2/η',
      operator: 'Hessian',
      command,
    },
    theme,
  ),
  densityFigure(
    {
      ...exampleDensity,
      eigenvalues: [9.5, 8],
      operator: 'Hessian',
      command,
    },
    theme,
  ),
  densityWaterfallFigure(
    {
      densities: [0, 100, 300].map((step) => ({
        step,
        x: Array.from(gaussian, (_, i) => i / 5 + step / 100),
        y: Array.from(gaussian),
      })),
      threshold: { name: '2/η', points: steps.map((step) => ({ step, threshold: 12 })) },
      operator: 'Hessian',
      command,
    },
    theme,
  ),
  eigenvalueFigure(
    {
      eigenvalues: [39.5, 30, 20].map((value) => ({ value, residual: 1e-3, errorEstimate: 0.5 })),
      threshold: { name: '2/η', value: 40 },
      operator: 'Hessian',
      command,
    },
    theme,
  ),
  sliceFigure(exampleSlice, theme),
];

/** Two densities on one pair of axes. */
export const comparedFigures = (theme: Theme = 'light'): Figure[] => [
  densityFigure(
    {
      ...exampleDensity,
      eigenvalues: [9.5, 8],
      operator: 'Hessian',
      command,
      compared: { ...exampleDensity, eigenvalues: [9], kernelWidth: 0.2, name: 'step 300', ownName: 'step 0' },
    },
    theme,
  ),
];

const empty = { operator: 'Hessian', command };
/** The same figures before anything was measured. */
export const emptyFigures = (): Figure[] => [
  lossFigure({ train: [], test: [], fullBatch: false, formula, command }),
  sharpnessFigure({ points: [], lowest: [], thresholdName: '2/η', ...empty }),
  densityFigure({ x: [], y: [], standardError: [], kernelWidth: 0, probes: 0, steps: 0, eigenvalues: [], ...empty }),
  densityWaterfallFigure({ densities: [], threshold: null, ...empty }),
  eigenvalueFigure({ eigenvalues: [], threshold: null, ...empty }),
  sliceFigure({ ...exampleSlice, computed: new Uint8Array(n * n), path: null }),
];

const nan = Number.NaN;
/** The same figures of a run that diverged. */
export const divergedFigures = (): Figure[] => [
  lossFigure({
    train: [1, 1e300, Number.POSITIVE_INFINITY, nan].map((loss, step) => ({ step, loss })),
    test: [{ step: 3, loss: nan }],
    fullBatch: false,
    formula,
    command,
  }),
  sharpnessFigure({
    points: [30, nan, Number.NEGATIVE_INFINITY].map((value, step) => ({
      step,
      value,
      residual: nan,
      threshold: step === 0 ? 40 : null,
      converged: false,
    })),
    lowest: [],
    thresholdName: '2/η',
    ...empty,
  }),
  densityFigure({
    x: [0, 1, 2],
    y: [1, nan, -0.1],
    standardError: [nan, nan, nan],
    kernelWidth: 1,
    probes: 1,
    steps: 3,
    eigenvalues: [nan],
    ...empty,
  }),
  densityWaterfallFigure({
    densities: [
      { step: 0, x: [0, 1, 2], y: [1, nan, 0.1] },
      { step: 9, x: [nan], y: [nan] },
    ],
    threshold: { name: '2/η', points: [{ step: 0, threshold: nan }] },
    ...empty,
  }),
  eigenvalueFigure({ eigenvalues: [{ value: nan, residual: nan, errorEstimate: nan }], threshold: null, ...empty }),
  sliceFigure({ ...exampleSlice, loss: bowl.map((loss, i) => (i % 7 === 0 ? nan : i % 11 === 0 ? -1 : loss)) }),
];
