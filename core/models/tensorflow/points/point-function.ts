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
  /** Numbers that come out for each point. */
  readonly values: number;
  /** The tensors that `body` uses. */
  readonly fixed: readonly Tensor[];
  /** From rows [points, width] to [points · values] numbers in any shape. */
  body(rows: Tensor2D): Tensor;
}

/** Fewer points are not worth a program that is not there yet. */
const fewestPoints = 4;
/** Results that are awaited together, where the engine computes on its own. */
const mostWaiting = 16;

/**
 * The sum of the function's values at each point, added in float64. A function that comes for many points, or for the
 * second time, is run as a program, in one call from host to host where the engine can do that.
 */
export async function sumsAtPoints<V>(setting: Setting<V>, f: PointFunction, rows: PointRows): Promise<Float64Array> {
  const { programs, shapesSeen, products } = setting;
  const known = rows.count >= fewestPoints || programs.has(f.key) || shapesSeen.has(f.key);
  shapesSeen.add(f.key);
  if (products !== 'compiled' || !known) return sumsOfRuns(setting, f, rows, (tensor) => tidy(() => f.body(tensor)));
  const held = programs.hold(f.key, () => compiled(f, rows.width));
  try {
    const executor = held.programs.value();
    return executor.runOnHost
      ? await sumsOnHost(setting, f, rows, executor)
      : await sumsOfRuns(setting, f, rows, (tensor) => executor.run([tensor], f.fixed)[0] as Tensor);
  } finally {
    held.release();
  }
}

function compiled({ points, fixed, body }: PointFunction, width: number) {
  const sample = tensor2d(new Float32Array(points * width), [points, width]);
  try {
    const traced = () => ({ point: [body(sample)], products: {}, free() {} });
    return linearizedPrograms({ theta: [sample], data: fixed, vectors: [] }, {}, traced, { patterns: false });
  } finally {
    sample.dispose();
  }
}

async function sumsOnHost<V>(
  { gate }: Setting<V>,
  f: PointFunction,
  rows: PointRows,
  executor: ProgramExecutor,
): Promise<Float64Array> {
  const sums = new Float64Array(rows.count);
  const into = new Float32Array(f.points * f.values);
  for (let from = 0; from < rows.count; from += f.points) {
    await gate?.pass();
    executor.runOnHost?.(rowsFrom(rows, from, f.points), f.fixed, into);
    addUp(sums, from, into, f.values);
  }
  return sums;
}

async function sumsOfRuns<V>(
  { gate }: Setting<V>,
  f: PointFunction,
  rows: PointRows,
  run: (rows: Tensor2D) => Tensor,
): Promise<Float64Array> {
  const sums = new Float64Array(rows.count);
  const waiting: { from: number; values: Tensor }[] = [];
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
      const read = await Promise.all(waiting.map(({ values }) => values.data()));
      for (const [i, numbers] of read.entries()) addUp(sums, waiting[i]?.from ?? 0, numbers, f.values);
      for (const { values } of waiting.splice(0)) values.dispose();
    }
    return sums;
  } finally {
    for (const { values } of waiting) values.dispose();
  }
}

/** The rows of one run, in an array of their own; zeros behind the last point. */
function rowsFrom({ width, data }: PointRows, from: number, points: number): Float32Array {
  const some = new Float32Array(points * width);
  some.set(data.subarray(from * width, (from + points) * width));
  return some;
}

function addUp(sums: Float64Array, from: number, values: ArrayLike<number>, each: number): void {
  const points = Math.min(values.length / each, sums.length - from);
  for (let point = 0; point < points; point++) {
    let sum = 0;
    for (let i = point * each; i < (point + 1) * each; i++) sum += values[i] as number;
    sums[from + point] = sum;
  }
}
