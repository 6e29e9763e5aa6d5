import fs from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../../core/bad-input.ts';
import type {
  AnalysisDocument,
  SaddlesDocument,
  SliceDocument,
  SpectrumDocument,
} from '../../../core/experiment/result-documents.ts';
import { runFiles } from '../../../core/experiment/run-folder.ts';
import { nameOfSlice } from '../../../core/experiment/slice-name.ts';
import { readJson } from '../../../core/formats/json-numbers.ts';
import { readNpz } from '../../../core/formats/npz.ts';
import { imagesOfArrays } from '../../../core/formats/spectrum-npz.ts';
import { confidenceInterval } from '../../../core/linalg/quadrature/student-t.ts';
import { curvatureDescriptions } from '../../../core/objective/curvature/curvature-kinds.ts';
import type { ShownSearch } from '../../../core/protocol/methods.ts';
import { readBoundedFile } from '../../host/read-dataset.ts';
import { sha256 } from '../../host/run-folder.ts';
import { isModes, isOverlap, isSampling, isSlice, isSpectrum, isStructure } from './result-forms.ts';
import { isSearch } from './search-forms.ts';
import { presentForm, type StoredSlice, withFields } from './slice-forms.ts';
import { richness } from './spectrum-document.ts';

type Prefix = keyof typeof forms;

const forms = {
  'spectrum-': isSpectrum,
  'slice-': isSlice,
  'overlap-': isOverlap,
  'sampling-': isSampling,
  'structure-': isStructure,
  'modes-': isModes,
  'saddles-': isSearch,
} as const;

const notAResult = (file: string): BadInput =>
  new BadInput(`${file} is not a result.`, 'It is damaged or was changed by hand: remove it, and compute it again.');

async function readDocument<T extends Pick<AnalysisDocument, 'experiment' | 'step'>>(
  file: string,
  prefix: Prefix,
): Promise<T> {
  try {
    const text = readJson(await fs.readFile(file, 'utf8')) as T;
    const document = prefix === 'slice-' ? await withStoredFields(file, text) : text;
    // A name may be one of the texts that stand for numbers.
    if (forms[prefix]({ ...document })) return { ...document, experiment: String(document.experiment) };
  } catch {
    // The same is said of it.
  }
  throw notAResult(file);
}

/** Long fields of a slice lie in the .npz beside the text. */
async function withStoredFields<T>(file: string, text: T): Promise<T> {
  const slice = text as unknown as StoredSlice & { readonly arrays?: unknown };
  if (!Array.isArray(slice.fields) || slice.fields.every((field) => 'values' in field)) return text;
  const bytes = await readBoundedFile(file.replace(/\.json$/, '.npz'));
  if (slice.arrays !== sha256(bytes))
    throw new BadInput(`The numbers of ${file} are of another slice.`, 'Compute it again.');
  const { arrays: _, ...rest } = withFields(slice, readNpz(bytes)) as typeof slice;
  return rest as unknown as T;
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

/** Results that are plain data, as they lie in a folder; matrices with their numbers as in memory. */
export async function storedOf<T extends Pick<AnalysisDocument, 'experiment' | 'step'>>(
  run: string,
  prefix: 'overlap-' | 'sampling-' | 'structure-' | 'modes-',
  skip: (problem: BadInput) => void,
): Promise<T[]> {
  return (await resultsIn<T>(run, prefix, skip)).map(({ document }) => withMatrices(document) as T);
}

/** Searches with their names, by which their points are opened. */
export async function storedSearches(run: string, skip: (problem: BadInput) => void): Promise<ShownSearch[]> {
  const found = await resultsIn<Omit<SaddlesDocument, 'thetas'>>(run, 'saddles-', skip);
  return found.map(({ file, document }) => {
    const { arrays: _, ...search } = document as StoredSearch;
    return { ...search, search: path.basename(file, '.json') };
  });
}

/** A search as its text stands in a folder: `arrays` is the SHA-256 of the file with θ of its points. */
export type StoredSearch = Omit<SaddlesDocument, 'thetas'> & { readonly arrays?: string };

/** BadInput for what is no search. */
export const storedSearch = (file: string): Promise<StoredSearch> => readDocument<StoredSearch>(file, 'saddles-');

function withMatrices(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withMatrices);
  if (typeof value !== 'object' || value === null) return value;
  const tree = value as Readonly<Record<string, unknown>>;
  if (Array.isArray(tree.data) && typeof tree.rows === 'number')
    return { ...tree, data: numbers(tree.data as number[]) };
  return Object.fromEntries(Object.entries(tree).map(([name, part]) => [name, withMatrices(part)]));
}

/**
 * The spectrum that a report shows: of the Hessian where there is one, of the latest step, with the most parts, in the
 * higher precision.
 */
export function chosenSpectrum(documents: readonly SpectrumDocument[]): SpectrumDocument | null {
  const rank = (document: SpectrumDocument): readonly number[] => [
    document.operator === 'hessian' ? 1 : 0,
    document.blocks ? 0 : 1,
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

export async function latestSpectrum(run: string): Promise<SpectrumDocument | null> {
  const found = await resultsIn<StoredSpectrum>(run, 'spectrum-');
  const chosen = chosenSpectrum(found.map(({ document }) => document));
  const entry = found.find(({ document }) => document === chosen);
  return entry === undefined ? null : wholeSpectrum(entry);
}

/** The latest slice of each name. */
export async function latestSlices(run: string): Promise<StoredSlice[]> {
  const slices = (await storedResults<StoredSlice>(run, 'slice-')).map(presentForm);
  return [...new Map(slices.map((slice) => [nameOfSlice(slice), slice])).values()];
}

/** Lists of numbers as they are in memory: JSON knows no typed arrays. */
const numbers = (list: ArrayLike<number>): Float64Array => Float64Array.from(list);

/** The curves of a density are lists in a text; those that an earlier version did not know are left out. */
function typedCurves<T extends object>(curves: T): T {
  return Object.fromEntries(
    Object.entries(curves).map(([name, value]) => [
      name,
      Array.isArray(value) && name !== 'deflated' ? numbers(value as number[]) : value,
    ]),
  ) as T;
}

function typedDensity(density: SpectrumDocument['density']): SpectrumDocument['density'] {
  if (density === null) return null;
  const { logarithmic } = density;
  return { ...typedCurves(density), logarithmic: logarithmic ? typedCurves(logarithmic) : null };
}

/** What earlier versions did not say. */
const unsaid = {
  operatorFormula: '',
  blocks: null,
  samples: null,
  blockNames: [],
  magnitude: [],
  subspaces: [],
  logDeterminant: null,
  effectiveDimension: null,
  layers: null,
  images: null,
  notices: [],
} as const;

/** In an earlier version the standard error was all that was said of a trace. */
function tracedReading(trace: SpectrumDocument['trace']): SpectrumDocument['trace'] {
  if (trace === null || trace.low95 !== undefined) return trace;
  const { low, high } = confidenceInterval({ ...trace, degreesOfFreedom: trace.probes - 1 });
  return { ...trace, method: 'hutchinson', products: trace.probes, low95: low, high95: high };
}

type StoredSpectrum = SpectrumDocument & { readonly imagesOf?: string | null };

/** A document as it was when it was computed, but for the vectors themselves. */
async function wholeSpectrum({ file, document }: Found<StoredSpectrum>): Promise<SpectrumDocument> {
  const { imagesOf = null, operatorName, order, ...stored } = document;
  const images = imagesOf === null ? null : await storedImages(file.replace(/\.json$/, '.npz'), imagesOf);
  return {
    ...unsaid,
    ...stored,
    operatorName: operatorName ?? curvatureDescriptions[stored.operator].name,
    order: order ?? stored.dim,
    parts: { ...{ layers: null }, ...stored.parts },
    trace: tracedReading(stored.trace),
    density: typedDensity(stored.density),
    images,
  };
}

/** Null where the file was removed: the numbers of the result stand in its text. */
async function storedImages(file: string, block: string): Promise<SpectrumDocument['images']> {
  try {
    return imagesOfArrays(readNpz(await readBoundedFile(file)), block);
  } catch {
    return null;
  }
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
    const place = `${document.step} ${document.operator} ${document.blocks?.join(' ') ?? ''}`;
    places.set(place, [...(places.get(place) ?? []), document]);
  }
  const whole = [...places.values()].flatMap((documents) => {
    const chosen = chosenSpectrum(documents);
    return chosen === null ? [] : found.filter(({ document }) => document === chosen);
  });
  return Promise.all(whole.map(wholeSpectrum));
}

/** The .npz beside the text has the directions. */
async function wholeSlice({ file, document }: Found<StoredSlice>): Promise<SliceDocument> {
  const arrays = readNpz(await readBoundedFile(file.replace(/\.json$/, '.npz')));
  const slice = presentForm(document);
  const vectors = slice.axes.map((_, k) => {
    const found = arrays.get(`d${k + 1}`)?.data;
    if (found === undefined) throw new BadInput(`${file} has no d${k + 1} beside it.`, 'Compute the slice again.');
    return Float64Array.from(found, Number);
  });
  const whole = { ...slice, vectors };
  // Both say the losses; where a process died between the two files, they say different ones.
  const losses = arrays.get('loss')?.data;
  const { values } = slice.fields[0];
  const areOne = losses?.length === values.length && values.every((value, i) => Object.is(value, losses[i]));
  if (areOne && isSlice(whole)) return whole;
  throw new BadInput(`${file} and the .npz beside it are of two slices.`, 'Remove both, and compute the slice again.');
}

/** The latest slice of each name with its directions, and its file. What is no result is skipped and told. */
export async function latestWholeSlices(
  run: string,
  skip: (problem: BadInput) => void,
): Promise<Found<SliceDocument>[]> {
  const found = await resultsIn<StoredSlice>(run, 'slice-', skip);
  const latest = [...new Map(found.map((entry) => [nameOfSlice(presentForm(entry.document)), entry])).values()];
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
