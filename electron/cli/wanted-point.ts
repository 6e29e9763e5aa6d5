import { BadInput } from '../../core/bad-input.ts';
import { hostTheta, type OpenedExperiment, openExperiment } from '../compute/open-experiment.ts';
import { type GivenExperiment, type OpenedPoint, openPoint } from '../compute/open-point.ts';
import { pointOfSearch } from '../compute/searches/point-of-search.ts';
import type { Arguments, OptionDescription } from './arguments.ts';
import { placeOf, storedSlice, thetaAt } from './point-of-slice.ts';

/** A point that a search for critical points has found, in place of a checkpoint. */
export const searchPointOptions: readonly OptionDescription[] = [
  { name: 'search', value: 'NAME', help: 'a stored search of RUN, as its file is named: saddles-…' },
  { name: 'number', value: 'N', help: 'which of its points, by the number of its start' },
];

/** A cell of a stored slice, in place of a checkpoint. */
export const slicePointOptions: readonly OptionDescription[] = [
  { name: 'slice', value: 'NAME', help: 'a stored slice of RUN, as its file says between slice- and the precision' },
  { name: 'cell', value: 'A,B', help: 'where on it, in multiples of its directions; a number an axis' },
];

export interface WantedPoint {
  readonly point: OpenedPoint;
  /** Without its run where the point is no checkpoint of it: what is found there is no result of the run. */
  readonly given: GivenExperiment;
}

/** The point that a command is asked about: a checkpoint, θ₀, a point of a stored search or of a stored slice. */
export async function wantedPoint(given: GivenExperiment, args: Arguments): Promise<WantedPoint> {
  const [search, number, cell] = [args.text('search'), args.number('number', { least: 0 }), args.text('cell')];
  if (cell === undefined && args.has('slice'))
    throw new BadInput('--slice names a slice, and no point of it.', 'Give --cell A,B as well.');
  if (search === undefined && number === undefined && cell === undefined)
    return { given, point: await openPoint(given, args.number('at', { least: 0 })) };
  if (cell === undefined && (search === undefined || number === undefined))
    throw new BadInput(`--${search === undefined ? 'search' : 'number'} is missing.`, 'Give --search NAME --number N.');
  const { run } = given;
  if (run === null)
    throw new BadInput('Searches and slices are kept by runs, and this is an experiment.', 'Give the folder of a run.');
  if (args.has('at') || (cell !== undefined && (search ?? number) !== undefined))
    throw new BadInput('The options name two points.', 'Give one of --at, --search with --number, and --cell.');
  const opened = await openExperiment(given.experiment, given.baseFolder);
  try {
    const point =
      cell === undefined
        ? await pointOfSearch(opened, run, search!, number!)
        : await pointOfCell(opened, run, args.text('slice'), cell);
    return { given: { ...given, run: null }, point };
  } catch (problem) {
    opened.dispose();
    throw problem;
  }
}

async function pointOfCell(
  opened: OpenedExperiment,
  run: string,
  name: string | undefined,
  cell: string,
): Promise<OpenedPoint> {
  const slice = await storedSlice(run, name, () => {});
  const place = placeOf(cell, slice, '--cell');
  const theta = hostTheta(opened.objective, await thetaAt(run, slice, place, opened.objective.layout));
  await opened.settle(theta);
  return { opened, theta, step: null, preconditioner: null };
}
