import path from 'node:path';
import { BadInput } from '../../../core/bad-input.ts';
import { runFiles } from '../../../core/experiment/run-folder.ts';
import { readNpz } from '../../../core/formats/npz.ts';
import { readBoundedFile } from '../../host/read-dataset.ts';
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
  const file = path.join(run, runFiles.results, `${search}.npz`);
  const arrays = readNpz(await readBoundedFile(file));
  const [theta, numbers] = [arrays.get('theta'), arrays.get('number')?.data];
  const row = numbers ? Array.from(numbers, Number).indexOf(number) : -1;
  if (theta === undefined || row < 0)
    throw new BadInput(`${file} has no point ${number}.`, 'Choose a point of this search, or search again.');
  if (theta.shape[1] !== dim)
    throw new BadInput(`The points of ${file} have ${theta.shape[1]} parameters; the run has ${dim}.`, 'Search again.');
  return Float64Array.from(theta.data.subarray(row * dim, (row + 1) * dim) as ArrayLike<number>);
}
