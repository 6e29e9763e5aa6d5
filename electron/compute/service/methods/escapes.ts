import { escapeDescriptor } from '../../../../core/analyses/escape/descriptor.ts';
import { BadInput } from '../../../../core/bad-input.ts';
import type { PointSource } from '../../../../core/protocol/methods.ts';
import { readCheckpoint } from '../../../host/run-folder.ts';
import { thetaOfCheckpoint } from '../../checkpoint-state.ts';
import { type EscapePlane, escapeOfPoint } from '../../documents/escape-document.ts';
import type { OpenedPoint } from '../../open-point.ts';
import { analysisCommand } from '../../run-again.ts';
import type { Method, MethodContext } from '../method.ts';
import { atPoint } from '../sources.ts';

async function planeOf({ plane }: MethodContext<'escape'>, { opened }: OpenedPoint): Promise<EscapePlane> {
  if (plane === null) throw new BadInput('This slice is no longer held.', 'Compute the slice again.');
  const { origin, document } = plane;
  const at =
    origin instanceof Float64Array
      ? origin
      : thetaOfCheckpoint(await readCheckpoint(origin.run, origin.step), opened.objective.layout);
  return { onto: document.vectors, origin: at };
}

/** One plane comes with a call: that of its point, or that of its paths. */
function refuseTwoPlanes(source: PointSource, planeId: string | null): void {
  if (planeId !== null && 'planeId' in source && source.planeId !== planeId)
    throw new BadInput(
      'The point lies on another slice than the one that its paths are to be drawn on.',
      'Draw them on the slice of the point.',
    );
}

/** The words by which the command line names the point of a search. */
const searchWords = (source: PointSource): string =>
  'search' in source ? ` --search ${source.search} --number ${source.point}` : '';

export const escapeFrom: Method<'escape'> = ({ source, parameters, planeId }, context) => {
  refuseTwoPlanes(source, planeId);
  return atPoint(source, context, async (point, { operand }) => {
    const run = 'run' in source ? context.path(source.run) : operand;
    const command = `${analysisCommand(escapeDescriptor, run, point.step, parameters)}${searchWords(source)}`;
    const monitor = { signal: context.signal, onProgress: context.progress };
    const plane = planeId === null ? null : await planeOf(context, point);
    const document = await escapeOfPoint(point, parameters, command, monitor, plane);
    const { ends: _, ...shown } = document;
    return { value: shown, status: document.status, stats: document.stats };
  });
};
