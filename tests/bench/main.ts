/**
 * What the engine's work costs, in units of its own gradient: ratios move little between machines, times a lot. Networks
 * and digits are those of tests/goldens/peers.
 */
import { EigenvalueDecomposition, Matrix as MlMatrix } from 'ml-matrix';
import { runSlice } from '../../core/analyses/slices/run.ts';
import { runSpectrum } from '../../core/analyses/spectrum/run.ts';
import { readSetting } from '../../core/experiment/located-yaml.ts';
import { readExperiment } from '../../core/experiment/read-experiment.ts';
import { symmetricEigen } from '../../core/linalg/dense/dense-symmetric.ts';
import { gaussianOrthogonalEnsemble } from '../../core/linalg/random-matrices/gaussian-orthogonal-ensemble.ts';
import { randomFromSeed } from '../../core/random/philox.ts';
import { type OpenedExperiment, openExperiment } from '../../electron/compute/open-experiment.ts';
import { peerExperiment } from '../support/peer-experiments.ts';
import { peersFolder } from '../support/peers.ts';
import { denseHessians } from './dense-hessians.ts';

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Gradient, Hessian and Gauss–Newton products in turn, so that a slow moment of the machine meets all of them. */
async function paired(opened: OpenedExperiment, rounds: number) {
  const { objective, initialTheta, rng } = opened;
  const { space } = objective;
  const theta = space.copy(initialTheta);
  const v = space.random(rng.split('bench'), 'sphere');
  const linearization = await objective.linearize(theta);
  const times = { gradient: [] as number[], hessian: [] as number[], gaussNewton: [] as number[] };
  for (let round = -1; round < rounds; round++) {
    const gradient = await milliseconds(async () => space.release((await objective.gradient(theta)).gradient));
    const hessian = await milliseconds(async () => space.release(await linearization.hessianProduct(v)));
    const gaussNewton = await milliseconds(async () => {
      const product = await linearization.gaussNewtonProduct?.(v);
      if (product) space.release(product);
    });
    if (round < 0) continue;
    times.gradient.push(gradient);
    times.hessian.push(hessian);
    times.gaussNewton.push(gaussNewton);
  }
  linearization.dispose();
  space.release(theta, v);
  return times;
}

interface Row {
  readonly network: string;
  readonly engine: string;
  readonly gradientMs: number;
  readonly hessianRatio: number;
  readonly gaussNewtonRatio: number;
  readonly topTenProducts: number;
  readonly topTenRatio: number;
  readonly topTenSeconds: number;
  readonly slicePointRatio: number;
  /** What `evaluate` at a point costs, in points of a slice with the same loss in one call. */
  readonly evaluationsPerSlicePoint: number;
  /** Points along each axis that were computed; the seconds are those of 51 × 51. */
  readonly grid: number;
  readonly sliceSeconds: number;
}

/** `evaluate` point by point against `losses` at once, on the same line, in turn: ratio of the least times of three rounds. */
async function sliceGain({ objective, initialTheta, rng }: OpenedExperiment, points: number): Promise<number> {
  const { space } = objective;
  const theta = space.copy(initialTheta);
  const direction = space.random(rng.split('slice'), 'sphere');
  const data = Float64Array.from({ length: points }, (_, i) => i / points);
  const [apart, together]: [number[], number[]] = [[], []];
  for (let round = 0; round < 3; round++) {
    together.push(await milliseconds(() => objective.losses(theta, [direction], { rows: points, columns: 1, data })));
    const each = async () => {
      for (const c of data) {
        const point = space.addScaled(space.copy(theta), c, direction);
        await objective.evaluate(point);
        space.release(point);
      }
    };
    apart.push(await milliseconds(each));
  }
  space.release(theta, direction);
  return Math.min(...apart) / Math.min(...together);
}

async function bench(network: string, settings: readonly string[], grid: number, rounds: number): Promise<Row> {
  const peer = peerExperiment(network);
  const opened = await openExperiment(readExperiment(peer.yaml, network, settings.map(readSetting)), peersFolder);
  const { objective } = opened;
  const times = await paired(opened, rounds);
  const gradientMs = median(times.gradient);
  const theta = objective.space.copy(opened.initialTheta);
  // 1e-3: the accuracy to which the peers were compared.
  const spectrum = await runSpectrum(objective, theta, { top: 10, eigenvalueTol: 1e-3 }, { rng: randomFromSeed(0) });
  const slice = await runSlice(objective, theta, { grid }, { rng: randomFromSeed(0) });
  const row: Row = {
    network,
    engine: `${objective.engine} ${opened.precision}`,
    gradientMs,
    hessianRatio: median(times.hessian) / gradientMs,
    gaussNewtonRatio: median(times.gaussNewton) / gradientMs,
    topTenProducts: spectrum.stats.products,
    topTenRatio: (1000 * spectrum.stats.seconds) / gradientMs,
    topTenSeconds: spectrum.stats.seconds,
    evaluationsPerSlicePoint: await sliceGain(opened, grid),
    slicePointRatio: (1000 * slice.stats.seconds) / slice.stats.losses / gradientMs,
    grid,
    sliceSeconds: (slice.stats.seconds * 2601) / slice.stats.losses,
  };
  objective.space.release(theta);
  opened.dispose();
  return row;
}

/** The dense eigen-solver against ml-matrix, both with vectors, in turn: the least seconds of three rounds each. */
async function denseSolvers(order: number) {
  const matrix = gaussianOrthogonalEnsemble(order, randomFromSeed(0));
  const rows = MlMatrix.from1DArray(order, order, Array.from(matrix.data));
  const [ours, theirs]: [number[], number[]] = [[], []];
  let relativeResidual = Number.NaN;
  for (let round = 0; round < 3; round++) {
    const own = await milliseconds(async () => {
      const { eigenvalues, residual } = symmetricEigen(matrix);
      relativeResidual = residual / Math.max(-eigenvalues[0]!, eigenvalues[order - 1]!);
    });
    ours.push(own / 1000);
    theirs.push((await milliseconds(async () => new EigenvalueDecomposition(rows, { assumeSymmetric: true }))) / 1000);
  }
  const [seconds, mlMatrixSeconds] = [Math.min(...ours), Math.min(...theirs)];
  return { order, seconds, mlMatrixSeconds, ratio: mlMatrixSeconds / seconds, relativeResidual };
}

const headings = ['network', 'engine', 'gradient', 'Hv', 'Gv', 'top-10 to 1e-3', '51×51 slice'];

const cells = (row: Row): string[] => [
  row.network,
  row.engine,
  `${row.gradientMs.toFixed(2)} ms`,
  `${row.hessianRatio.toFixed(2)} gradients`,
  `${row.gaussNewtonRatio.toFixed(2)} gradients`,
  `${row.topTenProducts} products = ${row.topTenRatio.toFixed(0)} gradients (${row.topTenSeconds.toFixed(2)} s)`,
  `${row.slicePointRatio.toFixed(3)} gradients a point (${row.sliceSeconds.toFixed(1)} s${row.grid === 51 ? '' : `, extrapolated from ${row.grid}×${row.grid}`}), ${row.evaluationsPerSlicePoint.toFixed(1)} times as fast as plain evaluation`,
];

const line = (texts: readonly string[]): string => `| ${texts.join(' | ')} |`;

const plan: [string, string[], number, number][] = [
  ['mlp-64-16-10', [], 51, 31],
  ['mlp-64-16-10', ['precision=float64'], 51, 31],
  ['mlp-784-64-10', [], 51, 21],
  ['mlp-784-64-10', ['precision=float64'], 51, 21],
  ['cnn', [], 11, 7],
];

async function main(): Promise<void> {
  const rows: Row[] = [];
  if (!process.argv.includes('--json')) process.stdout.write(`${line(headings)}\n${line(headings.map(() => '---'))}\n`);
  for (const [network, settings, grid, rounds] of plan) {
    const row = await bench(network, settings, grid, rounds);
    rows.push(row);
    if (!process.argv.includes('--json')) process.stdout.write(`${line(cells(row))}\n`);
  }
  const dense = await denseSolvers(600);
  const hessians = await denseHessians();
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify([...rows, { dense, hessians }])}\n`);
  else {
    process.stdout.write(
      `\nDense eigenpairs of order ${dense.order}: ${dense.seconds.toFixed(2)} s with residuals, ml-matrix ${dense.mlMatrixSeconds.toFixed(2)} s ` +
        `without = ${dense.ratio.toFixed(1)} times; residual ${dense.relativeResidual.toExponential(1)} of the norm\n`,
    );
    for (const { parameters, examples, byProducts, byColumns, ratio } of hessians) {
      process.stdout.write(
        `Dense Hessian of ${parameters} parameters on ${examples} examples: ${byColumns.toFixed(1)} µs a column, by products ${byProducts.toFixed(1)} = ${ratio.toFixed(1)} times\n`,
      );
    }
  }
}

void main();
