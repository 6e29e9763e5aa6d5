import { BadInput } from '../../bad-input.ts';
import type { Matrix } from '../../linalg/matrix.ts';
import type { Result, Status } from '../../linalg/result.ts';
import type { HostVector } from '../../linalg/vector-space.ts';
import type { Objective } from '../../objective/objective.ts';
import type { ParameterLayout } from '../../objective/parameter-layout.ts';
import type { AnalysisContext } from '../analysis-run.ts';
import { readParameters } from '../read-parameters.ts';
import { type Trajectory, thinned } from '../trajectory.ts';
import { type ModesParameters, modesDescriptor } from './descriptor.ts';
import { type ExactMode, exactMode, flowFormulas, formOfStart } from './exact-flow.ts';
import type { FlowClock } from './flow-clock.ts';
import { frobenius, type ModeReading, type ModeStart, modeStarts, readModes } from './mode-strengths.ts';
import type { LearntMode, LinearNetwork, Modes, TheoryForm } from './modes.ts';
import { noticesOf } from './notices.ts';

export interface ModesContext extends AnalysisContext {
  readonly trajectory?: Trajectory | undefined;
  /** Absent for anything but a deep linear network. */
  readonly network?: LinearNetwork | undefined;
  readonly clock?: FlowClock | null | undefined;
  /** Why the exact flow is not that of the run; null where it is. */
  readonly noFlow?: string | null | undefined;
}

/** Places of the theory for drawing. */
const curvePoints = 400;

/**
 * Mode strengths uᵢ = (UᵀW_N…W₁V)ᵢᵢ of every checkpoint, and the exact solution of the gradient flow from those of the first
 * (Saxe, McClelland, Ganguli 2014): with two matrices for any angle and imbalance of a mode, with more for balanced ones;
 * in each case for modes that do not meet in the hidden layers. How far that holds is measured. Cost: a few products of
 * small matrices a checkpoint, which count as a loss; no gradient. Status: `converged`, `cancelled`, `notFinite` (weights of a checkpoint).
 */
export async function runModes<V>(
  objective: Objective<V>,
  _theta: V,
  given: Readonly<Record<string, unknown>>,
  context: ModesContext,
): Promise<Result<Modes>> {
  const began = performance.now();
  const { points } = readParameters(modesDescriptor.parameters, given) as unknown as ModesParameters;
  const { network, trajectory } = context;
  if (network === undefined)
    throw new BadInput(
      'Modes are those of a deep linear network, and this model is none.',
      'Train an experiment with model: { deepLinear: … }, such as the bundled deep-linear.',
    );
  if (trajectory === undefined || trajectory.steps.length < 2)
    throw new BadInput(
      'There are no two checkpoints along which modes were learnt.',
      'Give the folder of a run that has checkpoints.',
    );
  const path = thinned(trajectory, points);
  const { readings, starts, status } = await readPath(path, objective.layout, network, context);
  const steps = Float64Array.from(path.steps.slice(0, readings.length));
  const matrices = network.widths.length - 1;
  const noFlow = context.noFlow ?? (context.clock ? null : 'The run has no records that tell its time.');
  const clock = noFlow === null ? context.clock! : null;
  const first = readings[0]!.strengths;
  const form: TheoryForm = clock === null ? 'none' : formOfStart(matrices, starts, first);
  const exact = network.singularValues.map((s, i) =>
    clock === null || !hasRoom(i, network) ? null : exactMode(s, first[i]!, starts[i]!, matrices),
  );
  const modes = exact.map((solution, i) => learntMode(i, solution, { network, readings, starts, steps, clock }));
  const largest = Math.max(...network.singularValues);
  const [from, to] = [steps[0]!, steps.at(-1)!];
  const stepLength = clock && to > from ? (largest * (clock.time(to) - clock.time(from))) / (to - from) : null;
  const value: Modes = {
    form,
    formula: flowFormulas[form],
    notices: noticesOf({
      ...{ form, noFlow, network, modes, offDiagonal: readings[0]!.offDiagonal },
      coarse: clock?.order === 1 ? stepLength : null,
    }),
    stepLength,
    matrices,
    widths: network.widths,
    steps,
    times: steps.map((step) => clock?.time(step) ?? Number.NaN),
    loss: Float64Array.from(readings, ({ loss }) => loss),
    offDiagonal: Float64Array.from(readings, ({ offDiagonal }) => offDiagonal / largest),
    imbalance: Float64Array.from(readings, ({ differences }) =>
      Math.max(...differences.map(({ matrix, size }) => share(frobenius(matrix.data), size))),
    ),
    drift: Float64Array.from(readings, (reading) => driftOf(reading, readings[0]!)),
    modes,
    curves: curvesOf(exact, steps, clock),
    dim: objective.layout.dim,
    convention: objective.convention,
    engine: objective.engine,
    precision: objective.space.precision,
  };
  const seconds = (performance.now() - began) / 1000;
  return { value, status, stats: { products: 0, gradients: 0, losses: readings.length, seconds } };
}

/** Readings up to a point that is not finite, or until it is cancelled; at least the first. */
async function readPath(
  path: Trajectory,
  layout: ParameterLayout,
  network: LinearNetwork,
  { signal, onProgress }: AnalysisContext,
): Promise<{ readings: ModeReading[]; starts: ModeStart[]; status: Status }> {
  const readings: ModeReading[] = [];
  let starts: ModeStart[] = [];
  for (let i = 0; i < path.steps.length; i++) {
    const theta = await path.theta(i);
    const kernels = kernelsOf(theta, layout);
    const reading = readModes(kernels, network);
    if (!Number.isFinite(reading.loss)) {
      if (i > 0) return { readings, starts, status: 'notFinite' };
      throw new BadInput('The first checkpoint holds numbers that are not finite.', 'Train the experiment again.');
    }
    if (i === 0) starts = modeStarts(kernels, network);
    readings.push(reading);
    onProgress?.({ stage: `step ${path.steps[i]}`, done: i + 1, total: path.steps.length, unit: 'losses' });
    if (signal?.aborted) return { readings, starts, status: 'cancelled' };
  }
  return { readings, starts, status: 'converged' };
}

const kernelsOf = (theta: HostVector, layout: ParameterLayout): Matrix[] =>
  layout.blocks.map(({ shape, offset, size }) => ({
    rows: shape[0]!,
    columns: shape[1]!,
    data: Float64Array.from(theta.subarray(offset, offset + size)),
  }));

/** Whether a hidden layer has a unit for this mode: the strongest come first. */
function hasRoom(mode: number, { singularValues, widths }: LinearNetwork): boolean {
  const s = singularValues[mode]!;
  const before = singularValues.filter((other, j) => other > s || (other === s && j < mode)).length;
  return before < Math.min(...widths.slice(1, -1));
}

interface Known {
  readonly network: LinearNetwork;
  readonly readings: readonly ModeReading[];
  readonly starts: readonly ModeStart[];
  readonly steps: Float64Array;
  readonly clock: FlowClock | null;
}

function learntMode(
  i: number,
  solution: ExactMode | null,
  { network, readings, starts, steps, clock }: Known,
): LearntMode {
  const singularValue = network.singularValues[i]!;
  const strengths = Float64Array.from(readings, (reading) => reading.strengths[i]!);
  const from = clock?.time(steps[0]!) ?? 0;
  const theory = solution && clock && solution.strengths(steps.map((step) => Math.max(0, clock.time(step) - from)));
  const half = solution?.halfTime ?? Number.NaN;
  return {
    mode: i + 1,
    singularValue,
    strengths,
    theory,
    ...starts[i]!,
    halfTime: crossing(steps, strengths, singularValue / 2),
    theoryHalfTime: clock && Number.isFinite(half) ? clock.step(from + half) : null,
    deviation: theory && deviationOf(steps, strengths, theory, singularValue),
  };
}

/** Where a series first rises over a height, linearly between two places. */
function crossing(
  steps: Float64Array,
  values: Float64Array,
  height: number,
): { value: number; spacing: number } | null {
  const after = values.findIndex((value, i) => i > 0 && value >= height && values[i - 1]! < height);
  if (after < 0) return null;
  const [from, to] = [values[after - 1]!, values[after]!];
  const spacing = steps[after]! - steps[after - 1]!;
  return { value: steps[after - 1]! + (spacing * (height - from)) / (to - from), spacing };
}

function deviationOf(
  steps: Float64Array,
  strengths: Float64Array,
  theory: Float64Array,
  singularValue: number,
): { value: number; step: number } | null {
  if (singularValue === 0) return null;
  const errors = strengths.map((strength, i) => Math.abs(strength - theory[i]!) / singularValue);
  const at = errors.reduce((worst, error, i) => (error > errors[worst]! ? i : worst), 0);
  return { value: errors[at]!, step: steps[at]! };
}

function driftOf({ differences }: ModeReading, first: ModeReading): number {
  const drifts = differences.map(({ matrix, size }, l) => {
    const start = first.differences[l]!.matrix.data;
    return share(frobenius(matrix.data.map((entry, i) => entry - start[i]!)), size);
  });
  return Math.max(...drifts);
}

const share = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);

function curvesOf(exact: readonly (ExactMode | null)[], known: Float64Array, clock: FlowClock | null): Modes['curves'] {
  const [first, last] = [known[0]!, known.at(-1)!];
  const steps = Float64Array.from({ length: curvePoints }, (_, i) => first + ((last - first) * i) / (curvePoints - 1));
  const from = clock?.time(first) ?? 0;
  const times = steps.map((step) => Math.max(0, (clock?.time(step) ?? 0) - from));
  return { steps, values: exact.map((solution) => (clock === null ? null : (solution?.strengths(times) ?? null))) };
}
