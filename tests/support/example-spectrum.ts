import type { CertifiedEigenvalue, DensityCurve, ProbedEstimate } from '../../core/analyses/spectrum/spectrum.ts';
import type { SpectrumDocument } from '../../core/experiment/result-documents.ts';

/**
 * A spectrum whose every number has a closed form: the matrix is diagonal, with the eigenvalues below, and each block of
 * parameters holds every fourth of them. Density, masses, traces and determinants are sums over them.
 */
const outliers = [40, 31, 20, 20, 20, 12, 9, 7, 5, 3];
const bulk = Array.from({ length: 500 }, (_, i) => 0.9 * ((i + 1) / 500) ** 6);
const negative = Array.from({ length: 25 }, (_, i) => -0.4 * ((25 - i) / 25) ** 2);
export const exampleEigenvalues: readonly number[] = [...outliers, ...[...bulk].reverse(), ...[...negative].reverse()];

export const exampleBlocks = [
  { block: 'dense_1/kernel', size: 448 },
  { block: 'dense_1/bias', size: 7 },
  { block: 'dense_2/kernel', size: 70 },
  { block: 'dense_2/bias', size: 10 },
] as const;

const p = exampleEigenvalues.length;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const probed = (value: number, standardError: number, errors = 2.26): ProbedEstimate => ({
  value,
  standardError,
  low95: value - errors * standardError,
  high95: value + errors * standardError,
});

const normalShare = (z: number): number => {
  // Abramowitz and Stegun 26.2.17, to 7.5e-8.
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail =
    (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z > 0 ? 1 - tail : tail;
};

const gaussian = (z: number, width: number): number =>
  Math.exp(-((z / width) ** 2) / 2) / (width * Math.sqrt(2 * Math.PI));

function densityOf(values: readonly number[], scale: number): DensityCurve {
  const [low, high, width, points] = [-2 * scale, 44 * scale, 0.25 * scale, 700];
  const x = Float64Array.from({ length: points }, (_, i) => low + (i / (points - 1)) * (high - low));
  const mean = (of: (at: number) => (value: number) => number) =>
    x.map((at) => sum(values.map(of(at))) / values.length);
  const y = mean((at) => (value) => gaussian(at - value, width));
  const cumulative = mean((at) => (value) => normalShare((at - value) / width));
  const powers = Float64Array.from({ length: 200 }, (_, i) => -8 + (i / 199) * 10);
  const half = (sign: number) =>
    powers.map((power) => {
      const own = values.filter((value) => value * sign > 0);
      return sum(own.map((value) => gaussian(power - Math.log10(Math.abs(value)), 0.15))) / values.length;
    });
  const [positive, minus] = [half(1), half(-1)];
  const within = (test: (value: number) => boolean) => values.filter(test).length / values.length;
  const delta = 1e-3;
  return {
    x,
    y,
    standardError: y.map((value) => 0.08 * value + 1e-6),
    cumulative,
    cumulativeLower: cumulative.map((share) => Math.max(0, share - 0.04)),
    cumulativeUpper: cumulative.map((share) => Math.min(1, share + 0.04)),
    logarithmic: {
      x: powers,
      positive,
      positiveStandardError: positive.map((value) => 0.1 * value),
      negative: minus,
      negativeStandardError: minus.map((value) => 0.2 * value),
      kernelWidth: 0.15,
      nearZero: within((value) => Math.abs(value) < 1e-8),
    },
    masses: {
      delta,
      below: probed(
        within((value) => value < -delta),
        0.004,
      ),
      near: probed(
        within((value) => Math.abs(value) <= delta),
        0.011,
      ),
      above: probed(
        within((value) => value > delta),
        0.012,
      ),
    },
    deflated: values.filter((value) => value > 2.5 * scale),
    kernelWidth: width,
    probes: 10,
    steps: 80,
    mean: { value: sum(values) / values.length, standardError: 0.002 },
    secondMoment: { value: sum(values.map((value) => value * value)) / values.length, standardError: 0.01 },
  };
}

const pair = (value: number, rank: number): CertifiedEigenvalue => {
  const first = 0.9 - 0.07 * rank;
  return {
    value,
    residual: 2e-6 * (rank + 1) ** 3,
    residualIsEstimate: false,
    errorBound: 2e-6 * (rank + 1) ** 3,
    errorEstimate: 1e-8 * (rank + 1) ** 6 + 1e-6,
    mass: [first, 0.02, 0.95 * (0.98 - first), 0.05 * (0.98 - first)],
  };
};

/** Images of 8 × 8 with a wave each, so that one sees which is which. */
function imagesOf(count: number): NonNullable<SpectrumDocument['images']> {
  const wave = (k: number, phase: number) =>
    Float64Array.from(
      { length: 64 },
      (_, i) => Math.sin(((k + 1) * ((i % 8) + 1)) / 3 + phase) * Math.cos(Math.floor(i / 8) / 2 + k),
    );
  return {
    block: 'dense_1/kernel',
    shape: [8, 8, 1],
    vectors: Array.from({ length: count }, (_, k) => ({
      overall: wave(k, 0).map(Math.abs),
      units: Array.from({ length: 4 }, (_, unit) => ({
        unit: 6 - unit,
        share: 0.5 / (unit + 1),
        image: wave(k, unit),
      })),
    })),
  };
}

export interface ExampleOptions {
  readonly step?: number;
  /** All eigenvalues times this. */
  readonly scale?: number;
  readonly more?: Partial<SpectrumDocument>;
}

export function exampleSpectrum({ step = 200, scale = 1, more = {} }: ExampleOptions = {}): SpectrumDocument {
  const values = exampleEigenvalues.map((value) => scale * value);
  const damping = 0.1;
  const layers = exampleBlocks.map(({ block, size }, k) => {
    const own = values.filter((_, i) => i % exampleBlocks.length === k);
    return { block, size, trace: probed(sum(own), 0.03 * sum(own), 2.05), top: pair(Math.max(...own), k) };
  });
  return {
    saddlescope: '0.1.0',
    experiment: 'example',
    step,
    seed: 7,
    mode: 'training',
    data: { name: 'digits', source: 'bundled', examples: 400, sha256: 'aa' },
    status: 'converged',
    advice: 'The requested accuracy was reached.',
    stats: { products: 980, gradients: 1, losses: 0, seconds: 1.7 },
    command: `saddlescope spectrum run --at ${step} --density --trace --layers --eigenvectors`,
    operator: 'hessian',
    operatorName: 'Hessian',
    operatorFormula: 'H = ∇²L(θ)',
    blocks: null,
    samples: null,
    blockNames: exampleBlocks.map(({ block }) => block),
    eigenvalues: outliers.map((value, i) => pair(scale * value, i)),
    bottom: negative.slice(0, 3).map((value, i) => pair(scale * value, i)),
    magnitude: [],
    subspaces: [{ end: 'top', first: 2, count: 3, value: 20 * scale, spread: 0, residual: 1e-5, complete: false }],
    density: densityOf(values, scale),
    trace: { ...probed(sum(values), 1.2, 2.045), method: 'hutch++', probes: 30, products: 60 },
    logDeterminant: { ...probed(sum(values.map((value) => Math.log(Math.abs(value + damping)))), 9), shift: damping },
    effectiveDimension: {
      ...probed(sum(values.filter((value) => value > 0).map((value) => value / (value + damping))), 1.4),
      shift: damping,
    },
    layers,
    images: imagesOf(outliers.length),
    notices: [
      {
        code: 'kinks',
        found: 'The network has ReLU units, whose second derivative is nowhere defined at their kinks.',
        instead: 'There the curvature of the smooth pieces is computed; what the kinks add is left out.',
      },
    ],
    loss: 0.1234567,
    gradientNorm: 0.0456,
    dim: p,
    order: p,
    convention: { formula: 'L(θ) = (1/N) Σᵢ −log softmax(fᵢ)_{yᵢ}' } as SpectrumDocument['convention'],
    engine: 'wasm',
    precision: 'float64',
    inexactReason: null,
    parts: { eigenvalues: 'converged', density: 'converged', trace: 'converged', layers: 'converged' },
    ...more,
  };
}
