import { BadInput } from '../bad-input.ts';

/**
 * How the learning rate changes with the step, as plain data: η(t) = η · factor(t), where t counts the updates of the
 * whole run from 0. A warm-up hands its successor a step count that starts at its own end.
 */
export type Schedule =
  | { readonly kind: 'constant' }
  /** factor(t) = factor^⌊t / every⌋ */
  | { readonly kind: 'step'; readonly every: number; readonly factor: number }
  /** factor(t) = final + (1 − final) ½ (1 + cos(π t / steps)), `final` from t = steps on. Loshchilov and Hutter (2017). */
  | { readonly kind: 'cosine'; readonly steps: number; readonly final: number }
  /** factor(t) = (t + 1) / steps while t < steps, then that of `after` at t − steps. */
  | { readonly kind: 'warmUp'; readonly steps: number; readonly after: Schedule };

/** The factor of a schedule at a step; the step in [0, ∞). */
export function scheduleFactor(schedule: Schedule, step: number): number {
  switch (schedule.kind) {
    case 'constant':
      return 1;
    case 'step':
      return schedule.factor ** Math.floor(step / schedule.every);
    case 'cosine': {
      const share = Math.min(step / schedule.steps, 1);
      return schedule.final + (1 - schedule.final) * 0.5 * (1 + Math.cos(Math.PI * share));
    }
    case 'warmUp':
      return step < schedule.steps
        ? (step + 1) / schedule.steps
        : scheduleFactor(schedule.after, step - schedule.steps);
  }
}

/** η(t) = base · factor(t). */
export function learningRateAt(base: number, schedule: Schedule, step: number): number {
  return base * scheduleFactor(schedule, step);
}

const advice =
  'Write constant, step: { every: 500, factor: 0.5 }, cosine: { steps: 2000, final: 0 } or warmUp: { steps: 100, after: … }.';

/**
 * A schedule as people write it (`constant`, or one name with its settings: `cosine: { steps: 2000 }`) or as this
 * program stores it (`kind: cosine`, …). Anything else is BadInput; `place` says where it stands.
 */
export function readSchedule(given: unknown, place: string): Schedule {
  const { kind, settings } = named(given, place);
  const number = (name: string, fallback: number | null, usable: (x: number) => boolean): number => {
    const value = settings[name] ?? fallback;
    if (typeof value === 'number' && usable(value)) return value;
    throw new BadInput(`${place} has no usable ${name} for ${kind}.`, advice);
  };
  const only = (...known: string[]): void => {
    const unknown = Object.keys(settings).find((key) => key !== 'kind' && !known.includes(key));
    if (unknown !== undefined) throw new BadInput(`${place} has the unknown setting ${unknown} for ${kind}.`, advice);
  };
  const count = (x: number) => Number.isInteger(x) && x >= 1;
  const share = (x: number) => x >= 0 && x <= 1;
  switch (kind) {
    case 'constant':
      only();
      return { kind };
    case 'step':
      only('every', 'factor');
      return { kind, every: number('every', null, count), factor: number('factor', 0.5, (x) => x > 0 && x <= 1) };
    case 'cosine':
      only('steps', 'final');
      return { kind, steps: number('steps', null, count), final: number('final', 0, share) };
    case 'warmUp':
      only('steps', 'after');
      return {
        kind,
        steps: number('steps', null, count),
        after: readSchedule(settings.after ?? 'constant', `${place}.after`),
      };
    default:
      throw new BadInput(`${place} names the schedule ${kind}, which does not exist.`, advice);
  }
}

function named(given: unknown, place: string): { kind: string; settings: Readonly<Record<string, unknown>> } {
  if (typeof given === 'string') return { kind: given, settings: {} };
  if (given !== null && typeof given === 'object' && !Array.isArray(given)) {
    const settings = given as Readonly<Record<string, unknown>>;
    if (Object.hasOwn(settings, 'kind')) return { kind: String(settings.kind), settings };
    const [kind, ...others] = Object.keys(settings);
    const inner = kind === undefined ? undefined : (settings[kind] ?? {});
    if (kind !== undefined && others.length === 0 && typeof inner === 'object' && !Array.isArray(inner))
      return { kind, settings: inner as Readonly<Record<string, unknown>> };
  }
  throw new BadInput(`${place} is not a schedule.`, advice);
}
