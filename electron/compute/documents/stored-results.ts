import fs from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../../core/bad-input.ts';
import type { AnalysisDocument, SliceDocument, SpectrumDocument } from '../../../core/experiment/result-documents.ts';
import { runFiles } from '../../../core/experiment/run-folder.ts';
import { readJson } from '../../../core/formats/json-numbers.ts';
import { readNpz } from '../../../core/formats/npz.ts';
import { readBoundedFile } from '../../host/read-dataset.ts';
import { isSlice, isSpectrum } from './result-forms.ts';
import { richness } from './spectrum-document.ts';

export type StoredSlice = Omit<SliceDocument, 'vectors'>;

type Prefix = 'spectrum-' | 'slice-';

const forms = { 'spectrum-': isSpectrum, 'slice-': isSlice } as const;

const notAResult = (file: string): BadInput =>
  new BadInput(`${file} is not a result.`, 'It is damaged or was changed by hand: remove it, and compute it again.');

async function readDocument<T extends Pick<AnalysisDocument, 'experiment' | 'step'>>(
  file: string,
  prefix: Prefix,
): Promise<T> {
  try {
    const document = readJson(await fs.readFile(file, 'utf8')) as T;
    // A name may be one of the texts that stand for numbers.
    if (forms[prefix]({ ...document })) return { ...document, experiment: String(document.experiment) };
  } catch {
    // The same is said of it.
  }
  throw notAResult(file);
}

/** A result and the file that it lies in. */
interface Found<T> {
  readonly file: string;
  readonly document: T;
}

/**
 * Results of a kind, those of the latest step last. `skip` is told of files that are none; without it they are refused.
 * `wanted` chooses among the names of the files.
 */
async function resultsIn<T extends Pick<AnalysisDocument, 'experiment' | 'step'>>(
  run: string,
  prefix: Prefix,
  skip?: (problem: BadInput) => void,
  wanted: (names: string[]) => string[] = (names) => names,
): Promise<Found<T>[]> {
  const folder = path.join(run, runFiles.results);
  const names = (await fs.readdir(folder).catch(() => [])).filter(
    (name) => name.startsWith(prefix) && name.endsWith('.json'),
  );
  const read = async (name: string): Promise<Found<T>[]> => {
    const file = path.join(folder, name);
    try {
      return [{ file, document: await readDocument<T>(file, prefix) }];
    } catch (problem) {
      if (!(problem instanceof BadInput) || skip === undefined) throw problem;
      skip(problem);
      return [];
    }
  };
  const found = (await Promise.all(wanted(names.sort()).map(read))).flat();
  return found.sort((a, b) => (a.document.step ?? 0) - (b.document.step ?? 0));
}

const storedResults = async <T extends Pick<AnalysisDocument, 'experiment' | 'step'>>(
  run: string,
  prefix: Prefix,
): Promise<T[]> => (await resultsIn<T>(run, prefix)).map(({ document }) => document);

/**
 * The spectrum that a report shows: of the Hessian where there is one, of the latest step, with the most parts, in the
 * higher precision.
 */
export function chosenSpectrum(documents: readonly SpectrumDocument[]): SpectrumDocument | null {
  const rank = (document: SpectrumDocument): readonly number[] => [
    document.operator === 'hessian' ? 1 : 0,
    document.step ?? 0,
    richness(document),
    document.precision === 'float64' ? 1 : 0,
  ];
  const isBefore = (a: SpectrumDocument, b: SpectrumDocument): boolean => {
    const [first, second] = [rank(a), rank(b)];
    const at = first.findIndex((value, i) => value !== second[i]);
    return at >= 0 && (first[at] ?? 0) < (second[at] ?? 0);
  };
  return documents.reduce<SpectrumDocument | null>(
    (best, document) => (best === null || isBefore(best, document) ? document : best),
    null,
  );
}

export const latestSpectrum = async (run: string): Promise<SpectrumDocument | null> =>
  chosenSpectrum(await storedResults<SpectrumDocument>(run, 'spectrum-'));

/** The latest slice of each plane. */
export async function latestSlices(run: string): Promise<StoredSlice[]> {
  const slices = await storedResults<StoredSlice>(run, 'slice-');
  return [...new Map(slices.map((slice) => [slice.plane, slice])).values()];
}

/** Lists of numbers as they are in memory: JSON knows no typed arrays. */
const numbers = (list: ArrayLike<number>): Float64Array => Float64Array.from(list);

function withTypedDensity(document: SpectrumDocument): SpectrumDocument {
  const { density } = document;
  if (density === null) return document;
  const { x, y, standardError, cumulative } = density;
  const curves = {
    x: numbers(x),
    y: numbers(y),
    standardError: numbers(standardError),
    cumulative: numbers(cumulative),
  };
  return { ...document, density: { ...density, ...curves } };
}

/** Of so many steps at most a folder's spectra are read: a curve each, of some hundred kilobytes. */
const mostSpectrumSteps = 100;

const stepOfResult = (name: string): number => Number(/-step-(\d+)\.json$/.exec(name)?.[1] ?? -1);

/**
 * Of each step, and of each operator there, the spectrum that tells most; ascending by step. Of more than a hundred steps
 * the latest. What is no result is skipped and told.
 */
export async function spectraOfSteps(run: string, skip: (problem: BadInput) => void): Promise<SpectrumDocument[]> {
  const found = await resultsIn<SpectrumDocument>(run, 'spectrum-', skip, (names) => {
    const steps = [...new Set(names.map(stepOfResult))].sort((a, b) => b - a);
    const latest = new Set(steps.slice(0, mostSpectrumSteps));
    return names.filter((name) => latest.has(stepOfResult(name)));
  });
  const places = new Map<string, SpectrumDocument[]>();
  for (const { document } of found) {
    const place = `${document.step} ${document.operator}`;
    places.set(place, [...(places.get(place) ?? []), document]);
  }
  return [...places.values()].flatMap((documents) => {
    const chosen = chosenSpectrum(documents);
    return chosen === null ? [] : [withTypedDensity(chosen)];
  });
}

/** The .npz beside the text has the exact numbers and the directions. */
async function wholeSlice({ file, document }: Found<StoredSlice>): Promise<SliceDocument> {
  const arrays = readNpz(await readBoundedFile(file.replace(/\.json$/, '.npz')));
  const array = (name: string): Float64Array => {
    const found = arrays.get(name)?.data;
    if (found === undefined) throw new BadInput(`${file} has no ${name} beside it.`, 'Compute the slice again.');
    return Float64Array.from(found, Number);
  };
  const path = document.trajectory;
  const whole = {
    ...document,
    alpha: array('alpha'),
    beta: array('beta'),
    loss: { rows: document.loss.rows, columns: document.loss.columns, data: array('loss') },
    computed: Uint8Array.from(array('computed')),
    vectors: [array('d1'), array('d2')] as const,
    trajectory: path && {
      steps: path.steps,
      alpha: array('path_alpha'),
      beta: array('path_beta'),
      distance: array('path_distance'),
      length: numbers(path.length),
      trueLoss: array('path_loss'),
      projectedLoss: array('path_projected_loss'),
    },
  };
  // Both say the losses; where a process died between the two files, they say different ones.
  const areOne = whole.loss.data.every((value, i) => Object.is(value, document.loss.data[i]));
  if (areOne && isSlice(whole)) return whole;
  throw new BadInput(`${file} and the .npz beside it are of two slices.`, 'Remove both, and compute the slice again.');
}

/** The latest slice of each plane with its directions, and its file. What is no result is skipped and told. */
export async function latestWholeSlices(
  run: string,
  skip: (problem: BadInput) => void,
): Promise<Found<SliceDocument>[]> {
  const found = await resultsIn<StoredSlice>(run, 'slice-', skip);
  const latest = [...new Map(found.map((entry) => [entry.document.plane, entry])).values()];
  const whole = latest.map(async (entry): Promise<Found<SliceDocument>[]> => {
    try {
      return [{ file: entry.file, document: await wholeSlice(entry) }];
    } catch (problem) {
      if (!(problem instanceof BadInput)) throw problem;
      skip(problem);
      return [];
    }
  });
  return (await Promise.all(whole)).flat();
}
