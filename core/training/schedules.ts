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

/** One number of a schedule. Where `fallback` is null it must be given. */
export interface ScheduleNumber {
  readonly meaning: string;
  readonly kind: 'number' | 'wholeNumber';
  readonly fallback: number | null;
  readonly above?: number;
  readonly least?: number;
  readonly most?: number;
}

const count = { kind: 'wholeNumber', fallback: null, least: 1 } as const;

/** What each schedule is called, does and takes (`after` of the warm-up apart); plain data for readers and forms. */
export const schedules: Readonly<
  Record<
    Schedule['kind'],
    { readonly title: string; readonly meaning: string; readonly numbers: Readonly<Record<string, ScheduleNumber>> }
  >
> = {
  constant: { title: 'Constant', meaning: 'η stays as it is', numbers: {} },
  step: {
    title: 'Steps',
    meaning: 'η is multiplied by a factor every so many steps',
    numbers: {
      every: { meaning: 'steps between two falls', ...count },
      factor: { meaning: 'factor of each fall', kind: 'number', fallback: 0.5, above: 0, most: 1 },
    },
  },
  cosine: {
    title: 'Cosine',
    meaning: 'η falls along half a cosine',
    numbers: {
      steps: { meaning: 'steps until the end of the fall', ...count },
      final: { meaning: 'share of η that is left at the end', kind: 'number', fallback: 0, least: 0, most: 1 },
    },
  },
  warmUp: {
    title: 'Warm-up',
    meaning: 'η rises evenly, then another schedule begins',
    numbers: { steps: { meaning: 'steps of the rise', ...count } },
  },
};

const fits = (x: unknown, { kind, above, least, most }: ScheduleNumber): x is number =>
  typeof x === 'number' &&
  Number.isFinite(x) &&
  (kind === 'number' || Number.isInteger(x)) &&
  (above === undefined || x > above) &&
  (least === undefined || x >= least) &&
  (most === undefined || x <= most);

const advice =
  'Write constant, step: { every: 500, factor: 0.5 }, cosine: { steps: 2000, final: 0 } or warmUp: { steps: 100, after: … }.';

/**
 * A schedule as people write it (`constant`, or one name with its settings: `cosine: { steps: 2000 }`) or as this
 * program stores it (`kind: cosine`, …). Anything else is BadInput; `place` says where it stands.
 */
export function readSchedule(given: unknown, place: string): Schedule {
  const { kind, settings } = named(given, place);
  if (!Object.hasOwn(schedules, kind))
    throw new BadInput(`${place} names the schedule ${kind}, which does not exist.`, advice);
  const { numbers } = schedules[kind as Schedule['kind']];
  const known = ['kind', ...Object.keys(numbers), ...(kind === 'warmUp' ? ['after'] : [])];
  const unknown = Object.keys(settings).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new BadInput(`${place} has the unknown setting ${unknown} for ${kind}.`, advice);
  const read = Object.entries(numbers).map(([name, description]) => {
    const value = settings[name] ?? description.fallback;
    if (fits(value, description)) return [name, value];
    throw new BadInput(`${place} has no usable ${name} for ${kind}.`, advice);
  });
  const after = kind === 'warmUp' ? { after: readSchedule(settings.after ?? 'constant', `${place}.after`) } : {};
  return { kind, ...Object.fromEntries(read), ...after } as Schedule;
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
