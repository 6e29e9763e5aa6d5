import fs from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../../core/bad-input.ts';
import type { AnalysisDocument, SliceDocument, SpectrumDocument } from '../../../core/experiment/result-documents.ts';
import { runFiles } from '../../../core/experiment/run-folder.ts';
import { readJson } from '../../../core/formats/json-numbers.ts';
import { richness } from './spectrum-document.ts';

export type StoredSlice = Omit<SliceDocument, 'vectors'>;

async function readDocument<T extends Pick<AnalysisDocument, 'experiment' | 'step'>>(file: string): Promise<T> {
  try {
    const document = readJson(await fs.readFile(file, 'utf8')) as T;
    // A name may be one of the texts that stand for numbers.
    return { ...document, experiment: String(document.experiment) };
  } catch {
    throw new BadInput(`${file} is not a result.`, 'It was changed by hand: remove it, and compute it again.');
  }
}

/** Results of a kind, those of the latest step last. */
async function storedResults<T extends Pick<AnalysisDocument, 'experiment' | 'step'>>(
  run: string,
  prefix: string,
): Promise<T[]> {
  const folder = path.join(run, runFiles.results);
  const names = (await fs.readdir(folder).catch(() => [])).filter(
    (name) => name.startsWith(prefix) && name.endsWith('.json'),
  );
  const documents = await Promise.all(names.sort().map((name) => readDocument<T>(path.join(folder, name))));
  return documents.sort((a, b) => (a.step ?? 0) - (b.step ?? 0));
}

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
