import * as v from 'valibot';
import type { SpectrumDocument } from '../experiment/result-documents.ts';
import { largestPt, narrowestMm, smallestPt, widestMm } from '../figures/journal-sizes.ts';
import { curvatureKinds } from '../objective/curvature/curvature-kinds.ts';
import { type SimulationCall, simulationNames } from '../simulations/simulation.ts';
import type { RunCommand } from '../training/run-control.ts';
import { type Failure, type FailureKind, type FromCompute, protocolVersion, type ToCompute } from './messages.ts';
import type { MethodName, Methods, NamedArrays } from './methods.ts';
import { isPlainObject } from './plain-values.ts';

/** A value of the wanted form, or why it is none. */
export type Read<T> =
  | { readonly value: T }
  /** `id`: whom to tell; null where it cannot be read. */
  | { readonly failure: Failure; readonly id: number | null };

/** Only what an object has of itself counts; what it inherits or has beside the named entries does not get through. */
const exactly = <E extends v.ObjectEntries>(entries: E) =>
  v.pipe(
    v.custom<Readonly<Record<string, unknown>>>(isPlainObject, 'a group'),
    v.transform((given) => Object.assign(Object.create(null), given) as Record<string, unknown>),
    v.strictObject(entries),
  );

const text = (most: number) => v.pipe(v.string(), v.maxLength(most));
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const finite = v.pipe(v.number(), v.finite());

const longestYaml = 4 << 20;
const longestText = 1 << 16;

const head = { v: v.literal(protocolVersion), id: whole };

/* From the page */

const command: v.GenericSchema<unknown, RunCommand> = v.union([
  exactly({ command: v.picklist(['pause', 'resume', 'step', 'stop']) }),
  exactly({ command: v.literal('setLearningRate'), learningRate: v.pipe(finite, v.gtValue(0)) }),
  exactly({ command: v.literal('setProbeBudget'), budget: v.pipe(finite, v.minValue(0), v.maxValue(1)) }),
]);

const toCompute = {
  request: exactly({ ...head, kind: v.literal('request'), method: text(64), params: v.unknown() }),
  cancel: exactly({ ...head, kind: v.literal('cancel') }),
  steer: exactly({ ...head, kind: v.literal('steer'), command }),
  received: exactly({ ...head, kind: v.literal('received'), chunk: whole }),
};

const file = v.pipe(text(4096), v.minLength(1));
const landscape = { file, directions: v.nullable(file), projection: v.nullable(file) };
const source = exactly({ yaml: text(longestYaml), file: v.nullable(file) });
const point = v.union([
  exactly({ run: file, step: v.nullable(whole) }),
  exactly({
    run: file,
    planeId: text(longestText),
    coordinates: v.pipe(v.array(finite), v.minLength(1), v.maxLength(3)),
  }),
  exactly({ run: file, search: text(255), point: whole }),
  exactly({ experiment: source }),
]);

/** Values of any kind by name; what they may be is checked by the analysis that reads them. */
const group = v.pipe(
  v.custom<Readonly<Record<string, unknown>>>(isPlainObject, 'a group'),
  v.check((given) => Object.keys(given).length <= 10_000, 'fewer settings'),
);
const analysis = exactly({ source: point, parameters: group, keep: v.boolean() });

const isRitz = (given: unknown): boolean =>
  isPlainObject(given) && typeof given.value === 'number' && typeof given.errorBound === 'number';
const isRitzList = (given: unknown): boolean => Array.isArray(given) && given.length <= 10_000 && given.every(isRitz);

/** As far as a comparison with the dense matrix reads it. */
const spectrum = v.custom<SpectrumDocument>(
  (given) =>
    isPlainObject(given) &&
    curvatureKinds.some((kind) => kind === given.operator) &&
    isRitzList(given.eigenvalues) &&
    isRitzList(given.bottom),
  'a spectrum',
);

const isNamedArray = (given: unknown): boolean =>
  isPlainObject(given) &&
  Object.prototype.toString.call(given.data) === '[object Float64Array]' &&
  Array.isArray(given.shape) &&
  given.shape.length <= 32 &&
  given.shape.every((length) => Number.isSafeInteger(length) && length >= 0) &&
  given.shape.reduce((product: number, length: number) => product * length, 1) === (given.data as Float64Array).length;

const namedArrays = v.custom<NamedArrays>(
  (given) => isPlainObject(given) && Object.keys(given).length <= 1024 && Object.values(given).every(isNamedArray),
  'arrays with their shapes',
);

const params: { readonly [M in MethodName]: v.GenericSchema<unknown, Methods[M]['params']> } = {
  hello: exactly({}),
  readExperiment: exactly({ file }),
  readLandscape: exactly(landscape),
  landscapeFile: exactly({
    ...landscape,
    kind: v.picklist(['csv', 'npz', 'h5', 'vts', 'vtp', 'vti', 'json', 'surface']),
  }),
  describe: exactly({ source }),
  measure: exactly({ source: point }),
  readPoint: exactly({ source: point }),
  openRun: exactly({ run: file }),
  readOn: exactly({ run: file, from: whole }),
  provenance: exactly({ run: file }),
  storedResults: exactly({ run: file }),
  train: exactly({
    source,
    run: file,
    start: v.union([
      exactly({ kind: v.picklist(['new', 'resume']) }),
      exactly({ kind: v.literal('branch'), from: file, step: whole }),
    ]),
    reportEvery: v.exactOptional(v.pipe(finite, v.minValue(0), v.maxValue(60))),
  }) as v.GenericSchema<unknown, Methods['train']['params']>,
  spectrum: analysis,
  overlap: analysis,
  sampling: analysis,
  structure: analysis,
  modes: analysis,
  slice: analysis,
  saddles: analysis,
  escape: exactly({ source: point, parameters: group, planeId: v.nullable(text(longestText)) }),
  simulate: exactly({ simulation: v.picklist(simulationNames), params: group }) as unknown as v.GenericSchema<
    unknown,
    SimulationCall
  >,
  pathOnPlane: exactly({ run: file, planeId: text(longestText), afterStep: v.pipe(v.number(), v.safeInteger()) }),
  check: exactly({ source: point, spectrum: v.nullable(spectrum) }),
  renderFigure: exactly({
    specification: group,
    format: v.picklist(['svg', 'png']),
    width: v.pipe(finite, v.minValue(1), v.maxValue(20_000)),
  }),
  packNpz: exactly({ arrays: namedArrays }),
  printFigure: exactly({
    specification: group,
    print: exactly({
      widthMm: v.pipe(finite, v.minValue(narrowestMm), v.maxValue(widestMm)),
      heightMm: v.nullable(v.pipe(finite, v.minValue(narrowestMm / 4), v.maxValue(widestMm))),
      textPt: v.pipe(finite, v.minValue(smallestPt), v.maxValue(largestPt)),
      titled: v.boolean(),
      background: v.picklist(['white', 'transparent']),
    }),
    format: v.picklist(['svg', 'png']),
    dotsPerInch: v.pipe(finite, v.minValue(36), v.maxValue(1200)),
  }),
  sliceFile: exactly({
    run: file,
    planeId: text(longestText),
    kind: v.picklist(['csv', 'npz', 'h5', 'vts', 'vtp', 'vti', 'json', 'surface', 'directions']),
    directionFile: text(255),
  }),
  report: exactly({ run: file }),
};

/* From the side that computes */

const statuses = [
  'converged',
  'budgetSpent',
  'invariantSubspace',
  'stagnated',
  'diverged',
  'notFinite',
  'notSymmetric',
  'cancelled',
] as const;

const failureKinds: readonly FailureKind[] = [
  'badInput',
  'cancelled',
  'lost',
  'failed',
  'unknownMethod',
  'wrongVersion',
  'malformed',
];

const isNumbers = (given: unknown): boolean =>
  Array.isArray(given) && given.length <= 10_000 && given.every((entry) => typeof entry === 'number');

const progress = exactly({
  stage: text(200),
  done: v.number(),
  total: v.number(),
  unit: v.picklist(['steps', 'losses', 'gradients', 'products', 'points', 'bytes', 'starts']),
  eta: v.nullable(v.number()),
  live: v.exactOptional(
    v.custom<Readonly<Record<string, readonly number[]>>>(
      (given) => isPlainObject(given) && Object.values(given).every(isNumbers),
      'lists of numbers',
    ),
  ),
});

const outcome = exactly({
  value: v.unknown(),
  status: v.picklist(statuses),
  stats: exactly({ products: v.number(), gradients: v.number(), losses: v.number(), seconds: v.number() }),
});

const failure = exactly({
  kind: v.picklist(failureKinds),
  found: text(longestText),
  advice: text(longestText),
  details: v.exactOptional(text(1 << 20)),
});

const bytes = v.custom<Uint8Array>(
  (given) => Object.prototype.toString.call(given) === '[object Uint8Array]' && (given as Uint8Array).length <= 4 << 20,
  'at most 4 MB',
);

const fromCompute = {
  accepted: exactly({ ...head, kind: v.literal('accepted') }),
  progress: exactly({ ...head, kind: v.literal('progress'), progress }),
  partial: exactly({ ...head, kind: v.literal('partial'), chunk: whole, value: v.unknown() }),
  piece: exactly({ ...head, kind: v.literal('piece'), chunk: whole, array: whole, offset: whole, bytes }),
  result: exactly({ ...head, kind: v.literal('result'), outcome }),
  failure: exactly({ ...head, kind: v.literal('failure'), failure }),
};

/* Reading */

const restart = 'The two sides are of different versions or one is damaged: start the app again.';

const own = (given: unknown, key: string): unknown =>
  isPlainObject(given) && Object.hasOwn(given, key) ? given[key] : undefined;

/** The request that a message speaks of, also of one that is otherwise malformed. */
function idOf(given: unknown): number | null {
  const id = own(given, 'id');
  return typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 ? id : null;
}

function readMessage<T>(given: unknown, kinds: Readonly<Record<string, v.GenericSchema<unknown, unknown>>>): Read<T> {
  const id = idOf(given);
  const version = own(given, 'v');
  if (typeof version === 'number' && version !== protocolVersion) {
    const found = `A message of version ${version} of the protocol has come; this side speaks version ${protocolVersion}.`;
    return { failure: { kind: 'wrongVersion', found, advice: restart }, id };
  }
  const kind = own(given, 'kind');
  const schema = typeof kind === 'string' && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (schema === undefined)
    return { failure: { kind: 'malformed', found: 'A message of an unknown kind has come.', advice: restart }, id };
  return parsed<T>(schema, given, id, `A message of the kind ${kind}`, { kind: 'malformed', advice: restart });
}

function parsed<T>(
  schema: v.GenericSchema<unknown, unknown>,
  given: unknown,
  id: number | null,
  what: string,
  failure: Pick<Failure, 'kind' | 'advice'>,
): Read<T> {
  const result = v.safeParse(schema, given, { abortEarly: true });
  if (result.success) return { value: result.output as T };
  const [issue] = result.issues;
  const place = v.getDotPath(issue);
  const found = `${what} is not of the agreed form${place ? ` at ${place.slice(0, 200)}` : ''}: ${issue.message.slice(0, 300)}.`;
  return { failure: { ...failure, found }, id };
}

/** A message to the side that computes. The params of a request are still to be read. */
export const readToCompute = (given: unknown): Read<ToCompute> => readMessage<ToCompute>(given, toCompute);

/** A message from the side that computes; what is inside a partial value or a result is as it made it. */
export const readFromCompute = (given: unknown): Read<FromCompute> => readMessage<FromCompute>(given, fromCompute);

/** A request with its method known and its params checked. */
export type MethodCall = {
  [M in MethodName]: { readonly method: M; readonly params: Methods[M]['params'] };
}[MethodName];

export function readMethodCall({
  id,
  method,
  params: given,
}: Extract<ToCompute, { kind: 'request' }>): Read<MethodCall> {
  if (!Object.hasOwn(params, method)) {
    const found = `There is no method "${method}".`;
    return { failure: { kind: 'unknownMethod', found, advice: restart }, id };
  }
  const read = parsed(params[method as MethodName], given, id, `What ${method} was given`, {
    kind: 'malformed',
    advice: 'This is a fault of the program: report it with the log.',
  });
  return 'failure' in read ? read : ({ value: { method, params: read.value } } as Read<MethodCall>);
}
