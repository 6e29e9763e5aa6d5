import { type EscapeParameters, escapeDescriptor } from '../../../core/analyses/escape/descriptor.ts';
import { runEscape } from '../../../core/analyses/escape/run.ts';
import { readParameters } from '../../../core/analyses/read-parameters.ts';
import type { EscapeDocument } from '../../../core/experiment/result-documents.ts';
import { writeJson } from '../../../core/formats/json-numbers.ts';
import { statusAdvice } from '../../../core/linalg/result.ts';
import { breathingObjective } from '../../../core/objective/breathing.ts';
import type { OpenedPoint } from '../open-point.ts';
import { searchObjective } from '../searches/search-objective.ts';
import { turnOfEventLoop } from '../turn-of-event-loop.ts';
import { documentHead, type Monitor } from './analysis-document.ts';

/** A plane that paths are to be drawn on. */
export interface EscapePlane {
  readonly onto: readonly Float64Array[];
  readonly origin: Float64Array;
}

/** Descents from a point along its negative directions. */
export async function escapeOfPoint(
  point: OpenedPoint,
  given: Readonly<Record<string, unknown>>,
  command: string,
  { signal, onProgress }: Monitor,
  plane: EscapePlane | null = null,
): Promise<EscapeDocument> {
  const { opened, theta } = point;
  const { examples } = readParameters(escapeDescriptor.parameters, given) as unknown as EscapeParameters;
  const own = await searchObjective(opened, examples);
  opened.gate.watch(signal ?? null);
  const objective = breathingObjective(own.objective, turnOfEventLoop);
  const from = objective.space.copy(theta);
  try {
    const { value, status, stats } = await runEscape(objective, from, given, {
      ...{ rng: opened.rng.split('escape'), signal, onProgress },
      ...(plane ?? {}),
    });
    return { ...value, ...documentHead(point, command), status, advice: statusAdvice[status], stats };
  } finally {
    opened.gate.watch(null);
    objective.space.release(from);
    own.close();
  }
}

/** Ends are as long as θ: they are not told. */
export const escapeJson = ({ ends: _, ...document }: EscapeDocument): string => writeJson(document);
