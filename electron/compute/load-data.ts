import path from 'node:path';
import { BadInput } from '../../core/bad-input.ts';
import { bundledDataset, type Split } from '../../core/data/bundled-datasets.ts';
import { type AnyDataset, isChunked } from '../../core/data/dataset.ts';
import { subsetOf } from '../../core/data/subset.ts';
import { closedFormText } from '../../core/experiment/closed-form.ts';
import { canonicalJson, type DataSource, type Experiment } from '../../core/experiment/experiment.ts';
import { type DataProvenance, noData } from '../../core/experiment/run-folder.ts';
import type { ClosedFormSettings } from '../../core/models/closed-form/closed-form-settings.ts';
import type { Random } from '../../core/random/random.ts';
import { assetsFolder } from '../host/assets-folder.ts';
import { readAnyDataset } from '../host/large-dataset.ts';
import { readBoundedFile } from '../host/read-dataset.ts';
import { sha256 } from '../host/run-folder.ts';

export interface LoadedData {
  readonly train: AnyDataset;
  readonly test: AnyDataset | null;
}

let bundledDigits: Uint8Array | null = null;

/** Read once a process: the same bytes, so that they are inflated once too. */
async function digitsFile(): Promise<Uint8Array> {
  bundledDigits ??= await readBoundedFile(path.join(assetsFolder(), 'data', 'digits.npz'));
  return bundledDigits;
}

async function load(
  source: DataSource,
  split: Split,
  baseFolder: string,
  rng: Random,
  classes?: number,
): Promise<AnyDataset> {
  if ('file' in source) {
    const file = path.resolve(baseFolder, source.file);
    const { labels, labelColumn, delimiter, cifar, targets } = source;
    const count = source.classes ?? classes;
    return readAnyDataset(file, {
      ...(count === undefined ? {} : { classes: count }),
      ...(labels === null ? {} : { labels: path.resolve(baseFolder, labels) }),
      ...(labelColumn === null ? {} : { labelColumn }),
      ...(delimiter === null ? {} : { delimiter: delimiter === 'tab' ? '\t' : delimiter }),
      ...(cifar === null ? {} : { cifar }),
      ...(targets === null ? {} : { targets }),
    });
  }
  const needsDigits = source.bundled.startsWith('digits');
  const digitsBytes = needsDigits ? await digitsFile() : undefined;
  const parameters = source.parameters;
  return bundledDataset(source.bundled, split, digitsBytes ? { rng, parameters, digitsBytes } : { rng, parameters });
}

/** The examples of an experiment, which must have some: the training set, cut to its subset, and the test set. Made-up sets follow the seed. */
export async function loadData(experiment: Experiment, baseFolder: string, rng: Random): Promise<LoadedData> {
  const { train: source, test: testSource, subset } = experiment.data;
  if (source === null)
    throw new BadInput('A closed form has no examples.', 'Take a model of layers where examples are needed.');
  const whole = await load(source, 'train', baseFolder, rng);
  const train = subset === null ? whole : subsetOf(whole, subset, rng.split('subset'));
  // A test set may lack the largest class; it has as many as the training set all the same.
  const classes = whole.targets.kind === 'classes' ? whole.targets.classes : undefined;
  const test = testSource === null ? null : await load(testSource, 'test', baseFolder, rng, classes);
  if (test && test.inputShape.join() !== train.inputShape.join())
    throw new BadInput(
      `The test set has examples of the shape ${test.inputShape.join(' × ')}, the training set ${train.inputShape.join(' × ')}.`,
      'Give a test set of the same kind.',
    );
  return { train, test };
}

const bytesOf = (values: ArrayBufferView): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/**
 * What a result tells of its data. The hash is that of the numbers; of rows that are read from a file while it is worked
 * on, that of the file's size and time of change and of the targets.
 */
export function dataProvenance(data: AnyDataset): DataProvenance {
  const targets = data.targets.kind === 'classes' ? data.targets.labels : data.targets.values;
  // As float64, so that the hash does not depend on the precision of the computation.
  const inputs = isChunked(data) ? data.rows.identity : bytesOf(new Float64Array(data.inputs));
  return {
    name: data.name,
    source: data.source,
    examples: data.examples,
    sha256: sha256(JSON.stringify(data.inputShape), inputs, bytesOf(new Float64Array(targets))),
  };
}

/** Of a function without data: the hash is that of what would be its data, S and its bases, or the surface. */
export function functionProvenance(closedForm: ClosedFormSettings, seed: number): DataProvenance {
  const identity =
    closedForm.kind === 'surface'
      ? [closedForm.surface]
      : [closedForm.singularValues, closedForm.inputs, closedForm.outputs, closedForm.rotate ? seed : null];
  return {
    name: noData,
    source: `no data: ${closedFormText(closedForm)}`,
    examples: 1,
    sha256: sha256(canonicalJson([closedForm.kind, ...identity])),
  };
}
