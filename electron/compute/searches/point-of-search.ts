import path from 'node:path';
import { BadInput } from '../../../core/bad-input.ts';
import { runFiles } from '../../../core/experiment/run-folder.ts';
import { FormatError } from '../../../core/formats/format-error.ts';
import { readNpz } from '../../../core/formats/npz.ts';
import { readBoundedFile } from '../../host/read-dataset.ts';
import { sha256 } from '../../host/run-folder.ts';
import { storedSearch } from '../documents/stored-results.ts';
import { hostTheta, type OpenedExperiment } from '../open-experiment.ts';
import type { OpenedPoint } from '../open-point.ts';

/** A point of a search that a run keeps, by the number of its start. BadInput for what is not there. */
export async function pointOfSearch(
  opened: OpenedExperiment,
  run: string,
  search: string,
  number: number,
): Promise<OpenedPoint> {
  const theta = hostTheta(opened.objective, await thetaOfPoint(run, search, number, opened.objective.layout.dim));
  await opened.settle(theta);
  return { opened, theta, step: null, preconditioner: null };
}

async function thetaOfPoint(run: string, search: string, number: number, dim: number): Promise<Float64Array> {
  // A name, and no path: it comes from a page.
  if (!/^saddles-[A-Za-z0-9-]+$/.test(search))
    throw new BadInput(`“${search}” is no name of a search.`, 'Choose a search of this run.');
  const stem = path.join(run, runFiles.results, search);
  const { points, arrays: wanted } = await storedSearch(`${stem}.json`);
  const file = `${stem}.npz`;
  const bytes = await readBoundedFile(file);
  // A process may have died between the two files, or two have written them at once.
  if (wanted !== sha256(bytes))
    throw new BadInput(`${file} holds the points of another search than the text beside it.`, 'Search again.');
  const row = points.findIndex((point) => point.number === number);
  if (row < 0) throw new BadInput(`${file} has no point ${number}.`, 'Choose a point of this search, or search again.');
  const theta = arraysOf(file, bytes).get('theta');
  if (theta?.dtype !== 'float64' || theta.shape.length !== 2 || theta.shape[0] !== points.length)
    throw new BadInput(`${file} has no θ of ${points.length} points.`, 'It was changed by hand: search again.');
  if (theta.shape[1] !== dim)
    throw new BadInput(`The points of ${file} have ${theta.shape[1]} parameters; the run has ${dim}.`, 'Search again.');
  return Float64Array.from(theta.data.subarray(row * dim, (row + 1) * dim) as ArrayLike<number>);
}

function arraysOf(file: string, bytes: Uint8Array): ReturnType<typeof readNpz> {
  try {
    return readNpz(bytes);
  } catch (problem) {
    if (!(problem instanceof FormatError)) throw problem;
    throw new BadInput(`${file} is damaged: ${problem.message}`, 'Search again.');
  }
}
