import { BadInput } from '../../core/bad-input.ts';
import { openExperiment } from '../compute/open-experiment.ts';
import { type GivenExperiment, type OpenedPoint, openPoint } from '../compute/open-point.ts';
import { pointOfSearch } from '../compute/searches/point-of-search.ts';
import type { Arguments, OptionDescription } from './arguments.ts';

/** A point that a search for critical points has found, in place of a checkpoint. */
export const searchPointOptions: readonly OptionDescription[] = [
  { name: 'search', value: 'NAME', help: 'a stored search of RUN, as its file is named: saddles-…' },
  { name: 'number', value: 'N', help: 'which of its points, by the number of its start' },
];

export interface WantedPoint {
  readonly point: OpenedPoint;
  /** Without its run where the point is no checkpoint of it: what is found there is no result of the run. */
  readonly given: GivenExperiment;
}

/** The point that a command is asked about: a checkpoint, θ₀, or a point of a stored search. */
export async function wantedPoint(given: GivenExperiment, args: Arguments): Promise<WantedPoint> {
  const [search, number] = [args.text('search'), args.number('number', { least: 0 })];
  if (search === undefined && number === undefined)
    return { given, point: await openPoint(given, args.number('at', { least: 0 })) };
  if (search === undefined || number === undefined)
    throw new BadInput(`--${search === undefined ? 'search' : 'number'} is missing.`, 'Give --search NAME --number N.');
  if (given.run === null)
    throw new BadInput('Searches are kept by runs, and this is an experiment.', 'Give the folder of a run.');
  if (args.has('at')) throw new BadInput('--at and --search name two points.', 'Leave one of them out.');
  const opened = await openExperiment(given.experiment, given.baseFolder);
  try {
    return { given: { ...given, run: null }, point: await pointOfSearch(opened, given.run, search, number) };
  } catch (problem) {
    opened.dispose();
    throw problem;
  }
}
