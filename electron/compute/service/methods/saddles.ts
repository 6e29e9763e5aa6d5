import { saddlesDescriptor } from '../../../../core/analyses/saddles/descriptor.ts';
import type { SearchedPoint } from '../../../../core/analyses/saddles/saddle.ts';
import type { SearchSoFar } from '../../../../core/protocol/methods.ts';
import { nameOfSearch, saddlesOfPoint, storeSaddles } from '../../documents/saddles-document.ts';
import { analysisCommand } from '../../run-again.ts';
import type { Method } from '../method.ts';
import { atPoint } from '../sources.ts';

/** Between two messages of points that were judged meanwhile. */
const tellMs = 150;

/** Points are handed on in handfuls: small ones are judged by the hundred in a second. */
function handfuls(give: (soFar: SearchSoFar) => void) {
  let told = Number.NEGATIVE_INFINITY;
  let points: SearchedPoint[] = [];
  return (point: SearchedPoint, starts: number): void => {
    points.push(point);
    if (performance.now() - told < tellMs) return;
    told = performance.now();
    give({ points, starts });
    points = [];
  };
}

export const saddles: Method<'saddles'> = ({ source, parameters, keep }, context) =>
  atPoint(source, context, async (point, { run, operand }) => {
    const command = analysisCommand(saddlesDescriptor, operand, point.step, parameters);
    const tell = handfuls((soFar) => context.partial(soFar));
    let forget = async (): Promise<void> => {};
    const document = await saddlesOfPoint(
      point,
      run,
      parameters,
      command,
      {
        signal: context.signal,
        onProgress: context.progress,
        onOutcome: (outcome, starts) => tell(outcome.point, starts),
        onWhole: (remove) => {
          forget = remove;
        },
      },
      keep ? {} : { state: null },
    );
    const why = !keep ? null : run === null ? 'It belongs to no run.' : await storeSaddles(run, document);
    if (document.status !== 'cancelled') await forget();
    const { thetas: _, ...shown } = document;
    const search = keep && run !== null && why === null ? nameOfSearch(document) : null;
    return { value: { ...shown, search, kept: why }, status: document.status, stats: document.stats };
  });
