import { saddlesDescriptor } from '../../../../core/analyses/saddles/descriptor.ts';
import type { SearchedPoint } from '../../../../core/analyses/saddles/saddle.ts';
import type { SearchSoFar } from '../../../../core/protocol/methods.ts';
import { nameOfSearch, saddlesOfPoint, storeSaddles } from '../../documents/saddles-document.ts';
import { analysisCommand } from '../../run-again.ts';
import type { Method } from '../method.ts';
import { atPoint } from '../sources.ts';

/** Between two messages of points that were judged meanwhile. */
const tellMs = 150;

/**
 * Points are handed on in handfuls: small ones are judged by the hundred in a second. None waits longer than `tellMs` for
 * the next one, which may take minutes.
 */
export function handfuls(give: (soFar: SearchSoFar) => void) {
  let points: SearchedPoint[] = [];
  let starts = 0;
  let told = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  const rest = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (points.length === 0) return;
    told = performance.now();
    give({ points, starts });
    points = [];
  };
  return {
    rest,
    tell(more: readonly SearchedPoint[], all: number): void {
      points.push(...more);
      starts = all;
      const wait = told + tellMs - performance.now();
      if (wait <= 0) rest();
      else timer ??= setTimeout(rest, wait);
    },
  };
}

/**
 * Every point is in exactly one message before the result, those first that were judged before the search went on. The
 * value has all of them once more: there alone copies of a point are known.
 */
export const saddles: Method<'saddles'> = ({ source, parameters, keep }, context) =>
  atPoint(source, context, async (point, { run, operand }) => {
    const command = analysisCommand(saddlesDescriptor, operand, point.step, parameters);
    const { tell, rest } = handfuls((soFar) => context.partial(soFar));
    let forget = async (): Promise<void> => {};
    const document = await saddlesOfPoint(
      point,
      run,
      parameters,
      command,
      {
        signal: context.signal,
        onProgress: context.progress,
        onResume: (before, starts) =>
          tell(
            before.map((outcome) => outcome.point),
            starts,
          ),
        onOutcome: (outcome, starts) => tell([outcome.point], starts),
        onWhole: (remove) => {
          forget = remove;
        },
      },
      keep ? {} : { state: null },
    ).finally(rest);
    const why = !keep ? null : run === null ? 'It belongs to no run.' : await storeSaddles(run, document);
    if (document.status !== 'cancelled') await forget();
    const { thetas: _, ...shown } = document;
    const search = keep && run !== null && why === null ? nameOfSearch(document) : null;
    return { value: { ...shown, search, kept: why }, status: document.status, stats: document.stats };
  });
