import { type Axes, coordinatesOf, emptyField, pointCount } from '../../fields/grid.ts';
import type { Objective, PointEvaluations, PointsAsk } from '../../objective/objective.ts';
import type { ParameterLayout } from '../../objective/parameter-layout.ts';
import { pointEvaluations } from '../../objective/point-evaluations.ts';
import { curvedPoints } from './adaptive.ts';
import { pointsOfLevel, strides } from './grid-order.ts';
import { nothingIfStopped } from './nothing-if-stopped.ts';
import type { SliceField } from './slice.ts';

/** What is computed with the losses, in one pass. */
export interface LossQuantities {
  readonly errors: boolean;
  readonly classLosses: boolean;
  readonly standardErrors: boolean;
}

export interface GridWork {
  readonly axes: Axes;
  /** The loss first; `class_loss_…` are added with the first points, when the number of classes is known. */
  readonly fields: SliceField[];
}

export interface GridOptions {
  readonly signal?: { readonly aborted: boolean } | undefined;
  /** Share of the range of the losses: refine only where the surface is curved by more than that; null everywhere. */
  readonly adaptive?: number | null | undefined;
  /** After every call; the grid may be drawn as it is. */
  readonly onCall?: ((done: number, total: number) => void | Promise<void>) | undefined;
}

/**
 * Points a call: what a model shares between the points of a call pays with many, and early pictures and state on disk
 * want few. A function of the sizes alone, never of time: the cut into calls decides the last bits of a value, and a grid
 * that was interrupted and resumed is to be the uninterrupted one.
 */
export function pointsPerCall({
  layout,
  examples,
}: {
  readonly layout: ParameterLayout;
  readonly examples: number;
}): number {
  const convolves = layout.blocks.some(({ shape, role }) => role === 'kernel' && shape.length > 2);
  const work = layout.dim * examples * (convolves ? 20 : 1);
  if (work <= 1e8) return convolves ? 64 : 1024;
  return work <= 1e9 ? 64 : 16;
}

export function newField(axes: Axes, quantity: string, certificate: SliceField['certificate']): SliceField {
  const field = emptyField(axes);
  const uncertainty = certificate === null ? null : new Float64Array(field.values.length).fill(Number.NaN);
  return { quantity, ...field, certificate, uncertainty };
}

/** The fields that one pass of evaluations fills, of which nothing is computed yet; those of classes come later. */
export function lossFields(axes: Axes, { errors, standardErrors }: LossQuantities): SliceField[] {
  const fields = [newField(axes, 'loss', standardErrors ? 'standard error' : null)];
  return errors ? [...fields, newField(axes, 'error', 'standard error')] : fields;
}

/** The coefficients of points, a row each. */
export function coefficientsOf(axes: Axes, points: ArrayLike<number>) {
  const data = new Float64Array(axes.length * points.length);
  for (let i = 0; i < points.length; i++) data.set(coordinatesOf(axes, points[i]!), axes.length * i);
  return { rows: points.length, columns: axes.length, data };
}

/**
 * Losses, and what comes in the same pass, at origin + Σ_k coordinate_k d_k, from coarse to fine; points that are
 * computed already stay. Cost: one loss a point. Stops between calls when aborted: a call that was cut short leaves no
 * trace, and is made again as a whole by who resumes. Answers false where it was stopped.
 */
export async function fillLosses<V>(
  objective: Objective<V>,
  origin: V,
  directions: readonly V[],
  work: GridWork,
  ask: LossQuantities,
  { signal, adaptive = null, onCall }: GridOptions = {},
): Promise<boolean> {
  const { axes, fields } = work;
  const size = pointsPerCall(objective);
  const all = pointCount(axes);
  const levels = strides(axes);
  let passed = 0;
  for (const [depth, stride] of levels.entries()) {
    const level = pointsOfLevel(axes, stride);
    // The second level is whole as well: three points in a row are the least that tells a curvature.
    const points = adaptive === null || depth < 2 ? level : curvedPoints(axes, fields[0]!, level, stride, adaptive);
    for (let at = 0; at < points.length; at += size) {
      if (signal?.aborted) return false;
      const call = points.subarray(at, at + size);
      if (!call.every((point) => fields[0]!.computed[point] === 1)) {
        const evaluated = await evaluatedPoints(objective, origin, directions, axes, call, ask);
        if (evaluated === null) return false;
        put(work, call, evaluated, objective.examples);
      }
      passed += call.length;
      await onCall?.(passed, adaptive === null ? all : Math.max(passed, Math.min(all, passed + points.length - at)));
    }
  }
  return true;
}

function evaluatedPoints<V>(
  objective: Objective<V>,
  origin: V,
  directions: readonly V[],
  axes: Axes,
  points: Int32Array,
  ask: PointsAsk,
): Promise<PointEvaluations | null> {
  return pointEvaluations(objective, origin, directions, coefficientsOf(axes, points), ask).catch(nothingIfStopped);
}

/** Of a share of n draws; one example is added on either side, so that none wrong of n is not told as certain (Agresti 1998). */
function errorDeviation(share: number, n: number): number {
  const adjusted = (share * n + 1) / (n + 2);
  return Math.sqrt((adjusted * (1 - adjusted)) / (n + 2));
}

function put(work: GridWork, points: Int32Array, found: PointEvaluations, examples: number): void {
  const { axes, fields } = work;
  const fieldOf = (quantity: string): SliceField => {
    const known = fields.find((field) => field.quantity === quantity);
    if (known) return known;
    const made = newField(axes, quantity, null);
    fields.push(made);
    return made;
  };
  const set = (field: SliceField, value: (i: number) => number, uncertainty?: (i: number) => number) =>
    points.forEach((point, i) => {
      field.values[point] = value(i);
      field.computed[point] = 1;
      if (field.uncertainty) field.uncertainty[point] = uncertainty?.(i) ?? Number.NaN;
    });
  const { losses, standardErrors, errors, classLosses } = found;
  set(
    fieldOf('loss'),
    (i) => losses[i]!,
    (i) => standardErrors?.[i] ?? Number.NaN,
  );
  if (errors)
    set(
      fieldOf('error'),
      (i) => errors[i]!,
      (i) => errorDeviation(errors[i]!, examples),
    );
  if (classLosses)
    for (let k = 0; k < classLosses.columns; k++)
      set(fieldOf(`class_loss_${k}`), (i) => classLosses.data[i * classLosses.columns + k]!);
}
