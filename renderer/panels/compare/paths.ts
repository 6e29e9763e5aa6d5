import { useEffect, useState } from 'react';
import { numberText, percentText } from '../../../core/figures/number-text.ts';
import type { PathOnPlane } from '../../../core/protocol/methods.ts';
import { failureOf } from '../../actions/failures.ts';
import { compute } from '../../client/compute.ts';
import { joinedPath, pathOver, type ShownPath } from '../../scene/path-points.ts';
import { type Run, runOf } from '../../state/runs.ts';
import type { Compared } from './compared.ts';

/** The path of another run on a plane: as it comes, or why it does not. */
export interface FoundPath {
  readonly run: string;
  readonly path: ShownPath | null;
  readonly problem: string | null;
}

const kept = new Map<string, Promise<PathOnPlane>>();

/** Asked for once for each plane, run and number of checkpoints. */
function pathOn(planeId: string, run: Run): Promise<PathOnPlane> {
  const key = `${planeId} ${run.id} ${run.checkpoints.length}`;
  const known = kept.get(key);
  if (known) return known;
  const made = compute.call('pathOnPlane', { run: run.id, planeId, afterStep: -1 }).outcome.then(({ value }) => value);
  kept.set(key, made);
  made.catch(() => kept.delete(key));
  // Paths are small; those of planes long gone are not worth keeping all the same.
  if (kept.size > 64) kept.delete(kept.keys().next().value!);
  return made;
}

/** Why a run cannot be drawn on a plane of another one; null where it can be asked for. */
export function whyNoPath({ planeId, id }: Compared, run: Run): string | null {
  if (planeId === null) return 'the directions of this plane are not at hand';
  const own = runOf(id)?.description;
  if (own && run.description && own.parameters !== run.description.parameters)
    return `it has ${run.description.parameters} parameters, the plane ${own.parameters}`;
  if (own && run.description && own.architecture !== run.description.architecture)
    return `it is another network: ${run.description.architecture}`;
  return null;
}

export function usePaths(compared: Compared, runs: readonly Run[]): readonly FoundPath[] {
  const [found, setFound] = useState<readonly FoundPath[]>([]);
  const { planeId } = compared;
  // Runs change with each step; what is asked for changes with their checkpoints.
  const wanted = runs.map((run) => `${run.id} ${run.checkpoints.length}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `wanted` stands for the runs
  useEffect(() => {
    let isOver = false;
    setFound([]);
    for (const run of runs) {
      const put = (path: ShownPath | null, problem: string | null) => {
        if (isOver) return;
        setFound((before) => [...before.filter((one) => one.run !== run.id), { run: run.id, path, problem }]);
      };
      const problem = whyNoPath(compared, run);
      if (problem !== null || planeId === null) put(null, problem);
      else
        pathOn(planeId, run).then(
          (path) => put(joinedPath(path, null), path.steps.length === 0 ? 'it has no checkpoints' : null),
          (failure: unknown) => put(null, failureOf(failure).found),
        );
    }
    return () => {
      isOver = true;
    };
  }, [planeId, wanted]);
  return found;
}

/** `12 % of its way in the plane; ends 3.4 of 3.6 from it; 4 of 20 checkpoints beyond the picture`. */
export function pathText(path: ShownPath, { shown }: Pick<Compared, 'shown'>): string {
  const last = path.steps.length - 1;
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value * value, 0);
  const share = 1 - sum(path.distance) / sum(path.length);
  const [alpha, beta] = shown.slice.axes;
  const inside = pathOver({ ...path, trueLoss: path.steps.map(() => 0) }, { alpha: alpha!, beta: beta! }).trueLoss;
  const beyond = inside.filter(Number.isNaN).length;
  const parts = [
    Number.isFinite(share)
      ? `${percentText(Math.max(0, share))} of its squared distance from the centre in the plane`
      : '',
    path.length[last] === 0
      ? 'ends at the centre'
      : `ends ${numberText(path.distance[last]!, 3)} of ${numberText(path.length[last]!, 3)} from the plane`,
    beyond > 0 ? `${beyond} of ${path.steps.length} checkpoints beyond the picture` : '',
  ];
  return parts.filter(Boolean).join('; ');
}
