import * as v from 'valibot';
import { BadInput } from '../bad-input.ts';
import type { ClosedFormSettings } from '../models/closed-form/closed-form-settings.ts';
import { differsInTraining } from '../models/layer-options.ts';
import type { LayerSpecification } from '../models/model-specification.ts';
import { nearestName } from '../nearest-name.ts';
import { checkOptimizer } from '../training/settings.ts';
import { readStopCondition, type StopCondition } from '../training/stop-conditions.ts';
import type { DataSource, Experiment } from './experiment.ts';
import { LocatedYaml, type Path, type Setting } from './located-yaml.ts';
import { closedFormAskedFor, readDeepLinear } from './read-closed-form.ts';
import { deepLinearSchema, experimentSchema, fileSchema, surfaceSchema } from './schema/file-schema.ts';
import { plainly, wantedValue } from './wanted-value.ts';

/**
 * An experiment from its YAML (1.2, core schema; JSON is YAML). Unknown keys, wrong types, hostile keys and numbers out
 * of range are refused as BadInput with their place in the file.
 */
export function readExperiment(text: string, fileName: string, settings: readonly Setting[] = []): Experiment {
  const reader = new LocatedYaml(text, fileName, settings);
  if (reader.value === null || typeof reader.value !== 'object' || Array.isArray(reader.value))
    throw new BadInput(
      `${fileName} does not hold an experiment.`,
      'An experiment is a list of settings: name, data, model, loss, optimizer, steps.',
    );
  const closedForm = closedFormAskedFor(reader.value, reader);
  if (closedForm === 'deepLinear') {
    const raw = parsedBy(deepLinearSchema, reader);
    return onClosedForm(raw, readDeepLinear(raw.model.deepLinear, reader), reader);
  }
  if (closedForm === 'surface') {
    const raw = parsedBy(surfaceSchema, reader);
    return onClosedForm(raw, { kind: 'surface', ...raw.model }, reader);
  }
  const raw = parsedBy(experimentSchema, reader);
  const train = readSource(raw.data.train, ['data', 'train'], reader);
  const test =
    raw.data.test === undefined || raw.data.test === null ? null : readSource(raw.data.test, ['data', 'test'], reader);
  const layers = raw.model.layers.map((layer, index) => readLayer(layer, ['model', 'layers', index], reader));
  return {
    format: 1,
    name: raw.name,
    seed: raw.seed,
    data: { train, test, subset: readSubset(raw.data.subset, reader) },
    model: {
      layers,
      weights: raw.model.weights,
      layout: raw.model.layout,
      initializer: raw.model.initializer,
      mode: raw.model.mode ?? defaultMode(layers),
    },
    loss: raw.loss,
    reduction: raw.reduction,
    ...courseOf(raw, reader),
  };
}

type Raw = v.InferOutput<typeof experimentSchema>;

/** How it goes: what experiments on layers and on closed forms have in common. */
function courseOf(raw: Pick<Raw, 'optimizer' | keyof Course>, reader: LocatedYaml): Course {
  const [kind, options] = oneKey(
    raw.optimizer,
    ['optimizer'],
    reader,
    'an optimiser with its settings, for example sgd: { learningRate: 0.1 }',
  );
  return {
    optimizer: {
      kind,
      settings: checkOptimizer(kind, options, (key) =>
        reader.place(key === undefined ? ['optimizer', kind] : ['optimizer', kind, key]),
      ),
    },
    steps: raw.steps,
    checkpoints: { every: raw.checkpoints.every },
    probes: raw.probes,
    stopWhen: raw.stopWhen.map((condition, index) => readStop(condition, index, reader)),
    engine: raw.engine,
    precision: raw.precision,
  };
}

type Course = Pick<Experiment, 'optimizer' | 'steps' | 'checkpoints' | 'probes' | 'stopWhen' | 'engine' | 'precision'>;

/** Without data: what these would say has one value, which no file states. */
function onClosedForm(
  raw: v.InferOutput<typeof deepLinearSchema | typeof surfaceSchema>,
  closedForm: ClosedFormSettings,
  reader: LocatedYaml,
): Experiment {
  return {
    format: 1,
    name: raw.name,
    seed: raw.seed,
    data: { train: null, test: null, subset: null },
    model: {
      layers: [],
      weights: null,
      layout: 'tensorflow',
      initializer: 'glorotUniform',
      mode: 'inference',
      closedForm,
    },
    loss: 'closedForm',
    reduction: 'sum',
    ...courseOf(raw, reader),
  };
}

function parsedBy<T extends Schema>(schema: T, reader: LocatedYaml): v.InferOutput<T> {
  const parsed = v.safeParse(schema, reader.value);
  if (!parsed.success) throw complaint(parsed.issues, reader, [], schema);
  return parsed.output;
}

type Schema = typeof experimentSchema | typeof deepLinearSchema | typeof surfaceSchema;

/** Layers that differ between training and inference are trained as such. */
const defaultMode = (layers: readonly LayerSpecification[]): 'training' | 'inference' =>
  layers.some(differsInTraining) ? 'training' : 'inference';

function readSubset(
  subset: { first?: number | undefined; random?: number | undefined } | null,
  reader: LocatedYaml,
): Experiment['data']['subset'] {
  if (subset === null) return null;
  if (subset.first !== undefined && subset.random === undefined) return { first: subset.first };
  if (subset.random !== undefined && subset.first === undefined) return { random: subset.random };
  throw new BadInput(
    `${reader.place(['data', 'subset'])} names not exactly one of first and random.`,
    'Write subset: { first: 1000 } or subset: { random: 1000 }.',
  );
}

interface GivenStop {
  readonly quantity: string;
  readonly above?: number | 'threshold' | undefined;
  readonly below?: number | 'threshold' | undefined;
}

function readStop({ quantity, above, below }: GivenStop, index: number, reader: LocatedYaml): StopCondition {
  const given = { quantity, ...(above === undefined ? {} : { above }), ...(below === undefined ? {} : { below }) };
  try {
    return readStopCondition(given);
  } catch (problem) {
    if (!(problem instanceof BadInput)) throw problem;
    throw new BadInput(`${reader.place(['stopWhen', index])}: ${problem.found}`, problem.advice);
  }
}

/** A bundled name, a path, { bundled, parameters… } or { file, labels, labelColumn, … }. */
function readSource(source: unknown, path: Path, reader: LocatedYaml): DataSource {
  if (typeof source === 'string' && source !== '')
    return /[./\\]/.test(source)
      ? { file: source, ...fileOptions({}, path, reader) }
      : { bundled: source, parameters: {} };
  if (source !== null && typeof source === 'object' && !Array.isArray(source)) {
    const { bundled, file, ...rest } = source as Record<string, unknown>;
    if (typeof bundled === 'string' && file === undefined)
      return { bundled, parameters: numbersIn(rest, path, reader) };
    if (typeof file === 'string' && bundled === undefined) return { file, ...fileOptions(rest, path, reader) };
  }
  throw new BadInput(
    `${reader.place(path)} is neither the name of a bundled data set nor a path.`,
    'Write train: digits, train: my.npz, train: { bundled: two-moons, noise: 0.2 } or train: { file: images.idx, labels: labels.idx }.',
  );
}

function numbersIn(group: Record<string, unknown>, path: Path, reader: LocatedYaml): Record<string, number> {
  for (const [key, value] of Object.entries(group))
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw new BadInput(
        `${reader.place([...path, key])} is not a number.`,
        'The parameters of a bundled data set are numbers.',
      );
  return group as Record<string, number>;
}

function fileOptions(group: Record<string, unknown>, path: Path, reader: LocatedYaml) {
  const parsed = v.safeParse(fileSchema, group);
  if (parsed.success) return parsed.output;
  throw complaint(parsed.issues, reader, path, fileSchema);
}

function readLayer(layer: unknown, path: Path, reader: LocatedYaml): LayerSpecification {
  if (typeof layer === 'string') return { type: layer, options: {} };
  const [type, options] = oneKey(
    layer,
    path,
    reader,
    'a layer with its options, for example dense: { units: 64, activation: tanh }',
  );
  return { type, options };
}

/** An object with exactly one key, whose value is a group of settings (or nothing). */
function oneKey(
  value: unknown,
  path: Path,
  reader: LocatedYaml,
  wanted: string,
): [string, Readonly<Record<string, unknown>>] {
  if (typeof value === 'string') return [value, {}];
  const keys = value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.keys(value) : [];
  const [key] = keys;
  if (key === undefined || keys.length !== 1)
    throw new BadInput(`${reader.place(path)} is not one thing with its settings.`, `Write ${wanted}.`);
  const inner = (value as Record<string, unknown>)[key] ?? {};
  if (typeof inner !== 'object' || Array.isArray(inner))
    throw new BadInput(`${reader.place([...path, key])} is not a group of settings.`, `Write ${wanted}.`);
  return [key, inner as Record<string, unknown>];
}

function unknownKey(path: Path, known: readonly string[], reader: LocatedYaml): BadInput {
  const nearest = nearestName(String(path[path.length - 1]), known);
  return new BadInput(
    `${reader.place(path)} is not a known setting.`,
    `${nearest ? `Did you mean ${nearest}? ` : ''}Known here: ${known.join(', ')}.`,
  );
}

interface SchemaNode {
  readonly entries?: Readonly<Record<string, SchemaNode>>;
  readonly wrapped?: SchemaNode;
  readonly item?: SchemaNode;
  readonly items?: readonly SchemaNode[];
  readonly expects?: string;
}

/** The part of the schema that describes the value at a path, without its `optional` and `nullable` wrappings. */
function schemaAt(path: Path, from: unknown): SchemaNode | undefined {
  const unwrap = (node: SchemaNode | undefined): SchemaNode | undefined =>
    node?.wrapped ? unwrap(node.wrapped) : node;
  return path.reduce<SchemaNode | undefined>(
    (node, key) => unwrap(typeof key === 'number' ? (node?.item ?? node?.items?.[key]) : node?.entries?.[key]),
    from as SchemaNode,
  );
}

/** The settings that a group may have. */
function knownAt(path: Path, from: unknown): readonly string[] {
  const known = Object.keys(schemaAt(path, from)?.entries ?? {});
  const isModel = from === experimentSchema && path.join('.') === 'model';
  return isModel ? [...known, 'deepLinear', 'surface'] : known;
}

/** The complaint that helps most: a mistyped key explains why another one is missing. */
function complaint(issues: readonly v.BaseIssue<unknown>[], reader: LocatedYaml, above: Path, from: unknown): BadInput {
  const isUnknownKey = (issue: v.BaseIssue<unknown>) => issue.type === 'strict_object' && issue.expected === 'never';
  const issue = issues.find(isUnknownKey) ?? issues[0];
  const below = (issue?.path ?? []).map((item) => item.key as string | number);
  const path = [...above, ...below];
  if (issue && isUnknownKey(issue)) return unknownKey(path, knownAt(below.slice(0, -1), from), reader);
  if (issue?.input === undefined)
    return new BadInput(
      `${reader.place(path)} is missing.`,
      `Add it: ${plainly(schemaAt(below, from)?.expects ?? 'see the example in the README')}.`,
    );
  return new BadInput(
    `${reader.place(path)} is ${issue.received ?? 'out of range'}, which cannot be used.`,
    `Give ${wantedValue(issue)}.`,
  );
}
