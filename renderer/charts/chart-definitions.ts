import type { RunSeries } from '../state/run-series.ts';
import type { Run } from '../state/runs.ts';
import type { ChartId } from '../state/settings.ts';

/** One quantity of one run, as it lies in the columns of the run. */
export interface Readings {
  readonly steps: Float64Array;
  readonly values: Float64Array;
  readonly length: number;
  readonly map: ((value: number) => number) | null;
  readonly error: ((row: number) => number) | null;
  readonly converged: ((row: number) => boolean) | null;
  readonly held: boolean;
  /** What to compare with, row by row; NaN where there is nothing. */
  readonly threshold: Float64Array | null;
  readonly thresholdName: string | null;
}

export interface Quantity {
  readonly id: string;
  /** For the legend. */
  readonly name: string;
  readonly help: string | null;
  /** Of a run that is drawn alone. */
  readonly colour: string;
  /** Drawn thin and left out of the legend: one of many lines alike. */
  readonly minor?: true;
  readings(run: Run): Readings;
}

export interface ChartDefinition {
  readonly title: string;
  /** What the numbers are, beside the title. */
  quantity(run: Run | null): string;
  /** For sentences: `loss`, `sharpness`. */
  readonly noun: string;
  readonly unit: string;
  readonly quantities: readonly Quantity[];
  /** Whether zero belongs to a linear axis. */
  readonly fromZero: boolean;
  /** Numbers that the axis never leaves. */
  readonly bounds: readonly [number, number];
}

const values = (steps: Float64Array, column: Float64Array, length: number, more: Partial<Readings> = {}): Readings => ({
  steps,
  values: column,
  length,
  map: null,
  error: null,
  converged: null,
  held: false,
  threshold: null,
  thresholdName: null,
  ...more,
});

/** Whether the losses of single updates are those of all training examples. */
export function isFullBatch(run: Run): boolean {
  const batchSize = run.description?.experiment.optimizer.settings.batchSize;
  return batchSize === undefined || batchSize === null;
}

type UpdateColumn = 'loss' | 'gradientNorm' | 'learningRate';

const ofUpdates =
  (column: UpdateColumn, held = false) =>
  (run: Run) => {
    const { data, length } = run.series.updates;
    return values(data.step, data[column], length, { held });
  };

const nothing = values(new Float64Array(0), new Float64Array(0), 0);

type EigenvalueKind = keyof RunSeries['eigenvalues'];

const ofEigenvalue = (kind: EigenvalueKind) => (run: Run) => {
  const { data, length } = run.series.eigenvalues[kind];
  const { step, value, residual, converged, threshold } = data;
  return values(step, value, length, {
    error: (row) => residual[row]!,
    converged: (row) => converged[row] === 1,
    threshold: kind === 'lowestEigenvalue' ? null : threshold,
  });
};

/** More lines cannot be told apart. */
const mostRanks = 20;
const subscript = (rank: number): string =>
  String(rank).replace(/\d/g, (digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)] ?? digit);

/** λ₁ and the others below it, those with a name in the legend first. */
const topEigenvalues: readonly Quantity[] = Array.from({ length: mostRanks }, (_, rank) => ({
  id: `lambda${rank + 1}`,
  name: `λ${subscript(rank + 1)}`,
  help: `Eigenvalue ${rank + 1} of the Hessian, from the largest down, ± residual ‖Hv − λv‖.`,
  colour: `c-${(rank % 6) + 1}`,
  ...(rank < 3 ? {} : { minor: true as const }),
  readings(run) {
    const columns = run.series.topEigenvalues[rank];
    if (!columns) return nothing;
    const { data, length } = columns;
    return values(data.step, data.value, length, {
      error: (row) => data.residual[row]!,
      converged: (row) => data.converged[row] === 1,
      threshold: rank === 0 ? data.threshold : null,
    });
  },
}));

const ofSubspace = (column: 'overlap' | 'gradientShare', error: 'overlapError' | 'subspaceError') => (run: Run) => {
  const { data, length } = run.series.subspaces;
  // The first measurement has none before it to compare with.
  const first = length > 0 && Number.isNaN(data[column][0]) ? 1 : 0;
  if (length <= first) return nothing;
  return values(data.step.subarray(first), data[column].subarray(first), length - first, {
    error: (row) => data[error][row + first]!,
    converged: (row) => data.converged[row + first] === 1,
  });
};

const countOf = (run: Run | null): string => {
  const { data, length } = run?.series.subspaces ?? { data: null, length: 0 };
  return data && length > 0 ? String(data.count[length - 1]) : 'k';
};

const percentRight = (share: number): number => 100 * (1 - share);

function accuracy(set: 'train' | 'test') {
  return (run: Run) => {
    const { data, length } = run.series.losses;
    const [wrong, count] = [data[`${set}Error`], data[set === 'train' ? 'examples' : 'testExamples']];
    // Null where the targets are not classes.
    if (length === 0 || Number.isNaN(wrong[length - 1]!)) return nothing;
    return values(data.step, wrong, length, {
      map: percentRight,
      // Binomial: the examples are a sample of what the network may be asked.
      error: (row) => 100 * Math.sqrt((wrong[row]! * (1 - wrong[row]!)) / count[row]!),
    });
  };
}

const trainLoss: Quantity = {
  id: 'train',
  name: 'train',
  help: 'Of the examples of each step.',
  colour: 'c-1',
  readings: ofUpdates('loss'),
};

const testLoss: Quantity = {
  id: 'test',
  name: 'test',
  help: 'Of the test examples, ± one standard error.',
  colour: 'c-5',
  readings(run) {
    const { data, length } = run.series.losses;
    if (length === 0 || Number.isNaN(data.test[length - 1]!)) return nothing;
    return values(data.step, data.test, length, { error: (row) => data.testStandardError[row]! });
  },
};

const allTrainingExamples: Quantity = {
  id: 'all',
  name: 'all training examples',
  help: 'Measured by the loss probe, ± one standard error; the line beside it is of one batch a step.',
  colour: 'c-3',
  readings(run) {
    if (isFullBatch(run)) return nothing;
    const { data, length } = run.series.losses;
    return values(data.step, data.train, length, { error: (row) => data.trainStandardError[row]! });
  },
};

export const chartDefinitions: Readonly<Record<ChartId, ChartDefinition>> = {
  loss: {
    title: 'Loss',
    quantity: (run) => run?.description?.formula ?? '',
    noun: 'loss',
    unit: '',
    quantities: [trainLoss, testLoss, allTrainingExamples],
    fromZero: false,
    bounds: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  },
  accuracy: {
    title: 'Accuracy',
    quantity: () => 'examples classified rightly, %',
    noun: 'accuracy',
    unit: '%',
    quantities: [
      {
        id: 'train',
        name: 'train',
        help: '± one binomial standard error.',
        colour: 'c-1',
        readings: accuracy('train'),
      },
      { id: 'test', name: 'test', help: '± one binomial standard error.', colour: 'c-5', readings: accuracy('test') },
    ],
    fromZero: false,
    bounds: [0, 100],
  },
  sharpness: {
    title: 'Sharpness',
    quantity: () => 'largest eigenvalue of the Hessian',
    noun: 'sharpness',
    unit: '',
    quantities: [
      {
        id: 'sharpness',
        name: 'λ₁',
        help: 'Largest eigenvalue of the Hessian ± residual ‖Hv − λv‖.',
        colour: 'c-1',
        readings: ofEigenvalue('sharpness'),
      },
      {
        id: 'preconditionedSharpness',
        name: 'λ₁ of P⁻¹ᐟ²HP⁻¹ᐟ²',
        help: 'Largest eigenvalue of the Hessian as the optimiser sees it, divided by its preconditioner, ± residual.',
        colour: 'c-3',
        readings: ofEigenvalue('preconditionedSharpness'),
      },
    ],
    fromZero: true,
    bounds: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  },
  topEigenvalues: {
    title: 'Top eigenvalues',
    quantity: (run) => `the ${countOf(run)} largest of the Hessian`,
    noun: 'top eigenvalues',
    unit: '',
    quantities: topEigenvalues,
    fromZero: true,
    bounds: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  },
  subspaceOverlap: {
    title: 'Subspace overlap',
    quantity: (run) => `‖U₀ᵀU‖²/${countOf(run)} with the measurement before; 1: it stays`,
    noun: 'overlap of top subspaces',
    unit: '',
    quantities: [
      {
        id: 'overlap',
        name: 'overlap',
        help: 'Of the span of the top eigenvectors with that of the measurement before, ± the bound from residuals and gap (Davis and Kahan 1970).',
        colour: 'c-1',
        readings: ofSubspace('overlap', 'overlapError'),
      },
    ],
    fromZero: false,
    bounds: [0, 1],
  },
  gradientShare: {
    title: 'Gradient in the top subspace',
    quantity: (run) => `‖Uᵀg‖²/‖g‖² of the ${countOf(run)} top eigenvectors`,
    noun: 'share of the gradient in the top subspace',
    unit: '',
    quantities: [
      {
        id: 'gradientShare',
        name: 'share',
        help: 'Of the squared gradient along the top eigenvectors, ± the bound from residuals and gap (Davis and Kahan 1970).',
        colour: 'c-1',
        readings: ofSubspace('gradientShare', 'subspaceError'),
      },
    ],
    fromZero: true,
    bounds: [0, 1],
  },
  lowestEigenvalue: {
    title: 'Lowest eigenvalue',
    quantity: () => 'of the Hessian; negative: a way down by curvature',
    noun: 'lowest eigenvalue',
    unit: '',
    quantities: [
      {
        id: 'lowestEigenvalue',
        name: 'λ_min',
        help: 'Smallest eigenvalue of the Hessian ± residual ‖Hv − λv‖.',
        colour: 'c-4',
        readings: ofEigenvalue('lowestEigenvalue'),
      },
    ],
    fromZero: true,
    bounds: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  },
  density: {
    title: 'Spectral density',
    quantity: () => 'log₁₀ of share of eigenvalues per unit λ',
    noun: 'spectral density',
    unit: '',
    // The threshold lies over the picture; the picture itself is no line.
    quantities: [],
    fromZero: false,
    bounds: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  },
  gradientNorm: {
    title: 'Gradient norm',
    quantity: (run) => (run && !isFullBatch(run) ? '‖∇L‖ of the batch of each step' : '‖∇L‖'),
    noun: 'gradient norm',
    unit: '',
    quantities: [
      { id: 'gradientNorm', name: '‖∇L‖', help: null, colour: 'c-1', readings: ofUpdates('gradientNorm') },
      {
        id: 'all',
        name: 'all training examples',
        help: 'Measured by the probe; the line beside it is of one batch a step.',
        colour: 'c-3',
        readings(run) {
          const { data, length } = run.series.gradientNorms;
          return isFullBatch(run) ? nothing : values(data.step, data.value, length);
        },
      },
    ],
    fromZero: false,
    bounds: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  },
  learningRate: {
    title: 'Learning rate',
    quantity: () => 'η of each update',
    noun: 'learning rate',
    unit: '',
    quantities: [
      { id: 'learningRate', name: 'η', help: null, colour: 'c-1', readings: ofUpdates('learningRate', true) },
    ],
    fromZero: true,
    bounds: [0, Number.POSITIVE_INFINITY],
  },
};

export const chartIds = Object.keys(chartDefinitions) as readonly ChartId[];
