import { create } from 'zustand';
import type { SearchedPoint } from '../../core/analyses/saddles/saddle.ts';
import { type StartedJob, startJob } from '../actions/analysis-job.ts';
import { type failureOf, reporting } from '../actions/failures.ts';
import { bridge } from '../client/bridge.ts';
import { compute } from '../client/compute.ts';
import type { SceneOf } from './scenes/scene-props.ts';

type Asked = Pick<SceneOf<'search'>, 'experiment' | 'finder' | 'starts' | 'from'>;

export interface LessonSearch {
  /** By number; while it runs those that were judged so far. */
  readonly points: readonly SearchedPoint[];
  readonly isRunning: boolean;
  readonly failure: ReturnType<typeof failureOf> | null;
}

export const noSearch: LessonSearch = { points: [], isRunning: false, failure: null };

/**
 * The searches of lessons since the start, by what they look for. They belong to no page: one that runs goes on while the
 * learner reads on, and pages that declare the same search look at the same points.
 */
export const useSearches = create<Readonly<Record<string, LessonSearch>>>(() => ({}));

export const searchKey = ({ experiment, finder, starts, from }: Asked): string =>
  [experiment, finder, starts, from].join(' ');

/** Of those that run; without a job until their experiment is read. */
const running = new Map<string, { job: StartedJob<unknown> | null; isStopped: boolean }>();

export function stopSearch(key: string): void {
  const own = running.get(key);
  if (own === undefined) return;
  own.isStopped = true;
  own.job?.cancel();
}

/** A real search of a bundled experiment; its points come as they are judged. Nothing where the same one runs already. */
export async function runSearch(asked: Asked): Promise<void> {
  const key = searchKey(asked);
  if (running.has(key)) return;
  running.set(key, { job: null, isStopped: false });
  change(key, { points: [], isRunning: true, failure: null });
  try {
    const points = await found(key, asked);
    if (points) change(key, { points });
  } finally {
    running.delete(key);
    change(key, { isRunning: false });
  }
}

async function found(key: string, { experiment, ...parameters }: Asked): Promise<readonly SearchedPoint[] | null> {
  const { finder, starts, from } = parameters;
  const file = (await reporting(() => bridge.bundledExperiments()))?.find(({ name }) => name === experiment);
  if (!file) {
    const absent = `The experiment ${experiment} does not come with the app.`;
    const advice = 'Name one of the bundled experiments in the lesson.';
    change(key, { failure: { kind: 'badInput', found: absent, advice } });
    return null;
  }
  const read = await reporting(() => compute.call('readExperiment', { file: file.reference }).outcome);
  const own = running.get(key);
  if (read === null || own === undefined || own.isStopped) return null;
  own.job = startJob(
    'saddles',
    {
      source: { experiment: { yaml: read.value.yaml, file: file.reference } },
      parameters: { finder, starts, from },
      keep: false,
    },
    {
      title: `Critical points of ${experiment.replace(/\.yaml$/, '')}`,
      run: null,
      onPartial: ({ points: more }) => change(key, { points: joined(useSearches.getState()[key]?.points ?? [], more) }),
    },
  );
  const outcome = (await own.job.ended) as { value: { points: readonly SearchedPoint[] } } | null;
  return outcome?.value.points ?? null;
}

function change(key: string, some: Partial<LessonSearch>): void {
  useSearches.setState((all) => ({ [key]: { ...(all[key] ?? noSearch), ...some } }));
}

/** By number, each once. */
function joined(before: readonly SearchedPoint[], more: readonly SearchedPoint[]): readonly SearchedPoint[] {
  const all = new Map([...before, ...more].map((point) => [point.number, point]));
  return [...all.values()].sort((a, b) => a.number - b.number);
}
