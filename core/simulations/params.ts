import { BadInput } from '../bad-input.ts';

/** A number's limits; `least` and `most` included, `above` excluded. */
export interface Limits {
  readonly least?: number;
  readonly above?: number;
  readonly most?: number;
}

/** Parameters of a simulation as they were given: read one by one, each a BadInput with its name where it is not usable. */
export interface GivenParams {
  number(name: string, limits: Limits): number;
  whole(name: string, limits: Limits): number;
  /** `count`: how many there are to be. */
  numbers(name: string, count: Limits, limits: Limits): number[];
  choice<T extends string>(name: string, choices: readonly T[]): T;
  list<T>(name: string, count: Limits, read: (item: GivenParams) => T): T[];
  /** Numbers by name. */
  group(name: string): Readonly<Record<string, number>>;
  /** Null, or what `read` makes of it. */
  orNull<T>(name: string, read: () => T): T | null;
  raw(name: string): unknown;
}

/** @param where the name of the whole, for messages */
export function givenParams(params: unknown, known: readonly string[], where: string): GivenParams {
  if (typeof params !== 'object' || params === null)
    throw new BadInput(`${where} has no parameters.`, `Give ${known.join(', ')}.`);
  const given = params as Readonly<Record<string, unknown>>;
  const place = (name: string) => `${where}.${name}`;
  const stranger = Object.keys(given).find((name) => !known.includes(name));
  if (stranger !== undefined)
    throw new BadInput(`${place(stranger)} is not a parameter.`, `It takes ${known.join(', ')}.`);
  const raw = (name: string) => (Object.hasOwn(given, name) ? given[name] : undefined);
  return {
    raw,
    number: (name, limits) => checkedNumber(raw(name), limits, place(name), false),
    whole: (name, limits) => checkedNumber(raw(name), limits, place(name), true),
    numbers(name, count, limits) {
      const list = checkedList(raw(name), count, place(name));
      return list.map((value, i) => checkedNumber(value, limits, `${place(name)}[${i}]`, false));
    },
    choice(name, choices) {
      const value = raw(name);
      const found = choices.find((one) => one === value);
      if (found === undefined)
        throw new BadInput(`${place(name)} is ${shown(value)}.`, `Use one of ${choices.join(', ')}.`);
      return found;
    },
    list(name, count, read) {
      const list = checkedList(raw(name), count, place(name));
      return list.map((item, i) => read(givenParams(item, Object.keys(Object(item)), `${place(name)}[${i}]`)));
    },
    group(name) {
      const value = raw(name) ?? {};
      const isGroup = typeof value === 'object' && !Array.isArray(value);
      if (!isGroup) throw new BadInput(`${place(name)} is ${shown(value)}.`, 'Give numbers by name.');
      const entries = Object.entries(value as object);
      return Object.fromEntries(
        entries.map(([key, one]) => [key, checkedNumber(one, {}, `${place(name)}.${key}`, false)]),
      );
    },
    orNull: (name, read) => (raw(name) === null ? null : read()),
  };
}

function checkedList(value: unknown, { least = 0, most = Number.POSITIVE_INFINITY }: Limits, place: string): unknown[] {
  if (Array.isArray(value) && value.length >= least && value.length <= most) return value;
  const found = Array.isArray(value) ? `has ${value.length} entries` : `is ${shown(value)}`;
  throw new BadInput(`${place} ${found}.`, least === most ? `Give ${least} of them.` : `Give ${least} to ${most}.`);
}

function checkedNumber(value: unknown, { least, above, most }: Limits, place: string, whole: boolean): number {
  const usable =
    typeof value === 'number' &&
    Number.isFinite(value) &&
    (!whole || Number.isSafeInteger(value)) &&
    (least === undefined || value >= least) &&
    (above === undefined || value > above) &&
    (most === undefined || value <= most);
  if (usable) return value;
  const limits = [
    least === undefined ? '' : `of at least ${least}`,
    above === undefined ? '' : `above ${above}`,
    most === undefined ? '' : `of at most ${most}`,
  ].filter(Boolean);
  const kind = whole ? 'whole number' : 'number';
  throw new BadInput(
    `${place} is ${shown(value)}.`,
    `Give a ${[kind, limits.join(' and ')].filter(Boolean).join(' ')}.`,
  );
}

const shown = (value: unknown): string =>
  value === undefined ? 'not given' : (JSON.stringify(value) ?? String(value));
