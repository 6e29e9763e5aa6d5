import { type Tensor, type Tensor2D, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Setting } from '../objective-setting.ts';
import { linearizedPrograms } from '../plan/linearized-programs.ts';
import type { ProgramExecutor } from '../plan/program.ts';

/** Weights of linear combinations, one row a point: 1 for the origin, then its coefficients. */
export interface PointRows {
  /** 1 + the number of directions. */
  readonly width: number;
  readonly count: number;
  readonly data: Float32Array;
}

/** Something to be added up at many points, as a function of the points' rows. */
export interface PointFunction {
  /** Functions of the same key are the same program. */
  readonly key: string;
  /** Points that one run takes. */
  readonly points: number;
  /** Numbers that come out for each point, in every result. */
  readonly values: number;
  /** How many results `body` has. */
  readonly results: number;
  /** The tensors that `body` uses. */
  readonly fixed: readonly Tensor[];
  /** From rows [points, width] to results of [points · values] numbers in any shape. */
  body(rows: Tensor2D): Tensor[];
}

/** What comes out of one run: the results of `count` points from the point `from` on. */
export type TakeRun = (from: number, count: number, results: readonly ArrayLike<number>[]) => void;

/** Fewer points are not worth a program; none is used for them even if it is there, so that bits do not depend on the past. */
const fewestPoints = 4;
/**
 * Runs that each lane has in one call. Measured on two cores: long calls are 15 % faster on an idle machine; on a busy one,
 * threads that hardly ever wait get half as much of it as those that do.
 */
const runsOfLane = 2;
/** Results that are awaited together, where the engine computes on its own. */
const mostWaiting = 16;

/**
 * Runs the function at all points and hands over what comes out. A function that comes for several points is run as a
 * program, in one call from host to host where the engine can do that. What is asked decides, never what was asked before:
 * the same call has the same bits in a process that has computed for hours and in one that resumes its work.
 */
export async function runAtPoints<V>(
  setting: Setting<V>,
  f: PointFunction,
  rows: PointRows,
  take: TakeRun,
): Promise<void> {
  const { programs, products } = setting;
  if (products !== 'compiled' || rows.count < fewestPoints)
    return runsOnDevice(setting, f, rows, (tensor) => tidy(() => f.body(tensor)), take);
  const held = programs.hold(f.key, () => compiled(f, rows.width));
  try {
    const executor = held.programs.value();
    if (executor.runOnHost) await runsOnHost(setting, f, rows, executor, take);
    else await runsOnDevice(setting, f, rows, (tensor) => executor.run([tensor], f.fixed), take);
  } finally {
    held.release();
  }
}

function compiled({ points, fixed, body }: PointFunction, width: number) {
  const sample = tensor2d(new Float32Array(points * width), [points, width]);
  try {
    const traced = () => ({ point: body(sample), products: {}, free() {} });
    return linearizedPrograms({ theta: [sample], data: fixed, vectors: [] }, {}, traced, {
      patterns: false,
      sideBySide: true,
    });
  } finally {
    sample.dispose();
  }
}

async function runsOnHost<V>(
  { gate }: Setting<V>,
  f: PointFunction,
  rows: PointRows,
  executor: ProgramExecutor,
  take: TakeRun,
): Promise<void> {
  const each = f.points * f.values;
  const { lanes = 1 } = executor;
  const most = Math.min(lanes === 1 ? 1 : runsOfLane * lanes, Math.ceil(rows.count / f.points));
  const into = new Float32Array(most * f.results * each);
  const resultsOf = Array.from({ length: most }, (_, run) =>
    Array.from({ length: f.results }, (_, r) => into.subarray((run * f.results + r) * each).subarray(0, each)),
  );
  for (let from = 0; from < rows.count; ) {
    await gate?.pass();
    const runs = Math.min(most, Math.ceil((rows.count - from) / f.points));
    executor.runOnHost?.(rowsFrom(rows, from, runs * f.points), f.fixed, into.subarray(0, runs * f.results * each));
    for (const results of resultsOf.slice(0, runs)) {
      take(from, Math.min(f.points, rows.count - from), results);
      from += f.points;
    }
  }
}

async function runsOnDevice<V>(
  { gate }: Setting<V>,
  f: PointFunction,
  rows: PointRows,
  run: (rows: Tensor2D) => Tensor[],
  take: TakeRun,
): Promise<void> {
  const waiting: { from: number; values: Tensor[] }[] = [];
  try {
    for (let from = 0; from < rows.count; from += f.points) {
      await gate?.pass();
      const tensor = tensor2d(rowsFrom(rows, from, f.points), [f.points, rows.width]);
      try {
        waiting.push({ from, values: run(tensor) });
      } finally {
        tensor.dispose();
      }
      if (waiting.length < mostWaiting && from + f.points < rows.count) continue;
      const read = await Promise.all(waiting.map(({ values }) => Promise.all(values.map((value) => value.data()))));
      for (const [i, results] of read.entries()) {
        const at = waiting[i]?.from ?? 0;
        take(at, Math.min(f.points, rows.count - at), results);
      }
      for (const { values } of waiting.splice(0)) for (const value of values) value.dispose();
    }
  } finally {
    for (const { values } of waiting) for (const value of values) value.dispose();
  }
}

/** The rows of one run, in an array of their own; zeros behind the last point. */
function rowsFrom({ width, data }: PointRows, from: number, points: number): Float32Array {
  const some = new Float32Array(points * width);
  some.set(data.subarray(from * width, (from + points) * width));
  return some;
}
