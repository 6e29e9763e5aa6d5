import type { Records } from '../../core/protocol/methods.ts';
import { addRecords } from '../state/run-series.ts';
import { type Run, type RunState, runOf, useRuns } from '../state/runs.ts';
import { announce } from '../state/session.ts';

/** A speed is what was made in the last seconds. */
const speedWindowMs = 3000;
/** What the store tells of runs that move is drawn: more often than this is not seen, and costs the page its frames. */
const leastMsBetween = 100;

interface Sample {
  readonly at: number;
  readonly step: number;
}

/** What has come and is not in the store yet. */
const waiting = new Map<string, Partial<Run>>();
const samples = new Map<string, Sample[]>();
let timer: ReturnType<typeof setTimeout> | null = null;
let flushedAt = Number.NEGATIVE_INFINITY;

/** Changes a run at once or a moment after the last change: bursts are one change. */
export function changeSoon(id: string, change: Partial<Run>): void {
  waiting.set(id, { ...waiting.get(id), ...change });
  timer ??= setTimeout(flushChanges, Math.max(0, flushedAt + leastMsBetween - performance.now()));
}

export function flushChanges(): void {
  if (timer !== null) clearTimeout(timer);
  timer = null;
  if (waiting.size === 0) return;
  flushedAt = performance.now();
  const changes = new Map(waiting);
  waiting.clear();
  useRuns.setState(({ runs }) => ({
    runs: runs.map((run) => {
      const change = changes.get(run.id);
      return change ? { ...run, ...change, version: run.series.version } : run;
    }),
  }));
}

/** The run with what waits for the store. */
export function runSoon(id: string): Run | null {
  const run = runOf(id);
  return run && { ...run, ...waiting.get(id) };
}

/** Nothing more comes of this run. */
export function forgetFlow(id: string): void {
  waiting.delete(id);
  samples.delete(id);
}

/** Records of a run that is trained, oldest first: into its series at once, into the store a moment later. */
export function receiveRecords(id: string, records: Records): void {
  const run = runSoon(id);
  if (run === null || records.length === 0) return;
  addRecords(run.series, records);
  const change: Partial<Run> = { ...changeOf(run, records), heardAt: performance.now() };
  changeSoon(id, { ...change, speed: speedOf(id, change.step ?? run.step, change.state ?? run.state) });
  if (change.state !== undefined && change.state !== run.state) flushChanges();
}

/** The numbers of a run that is read from its folder. */
export function receiveStoredRecords(id: string, records: Records): void {
  const run = runSoon(id);
  if (run === null || records.length === 0) return;
  addRecords(run.series, records);
  const { state: _, ...change } = changeOf(run, records);
  changeSoon(id, change);
}

function changeOf(run: Run, records: Records): Partial<Run> {
  let { step, learningRate, probeBudget, state } = run;
  for (const record of records) {
    if (record.record === 'step') {
      step = record.status === null ? record.step + 1 : record.step;
      ({ learningRate } = record);
    } else if (record.record === 'event') {
      if (record.event === 'learningRate') learningRate = record.to;
      else if (record.event === 'probeBudget') probeBudget = record.to;
      else if (record.event === 'stopCondition')
        announce(`“${run.title}” stops at step ${record.step}: ${record.quantity} is ${record.value}.`);
      else state = stateAfter(state, record.event);
    }
  }
  return { step, learningRate, probeBudget, state };
}

function stateAfter(state: RunState, event: 'paused' | 'resumed' | 'stopped'): RunState {
  if (event === 'stopped') return 'stopping';
  if (state !== 'running' && state !== 'paused') return state;
  return event === 'paused' ? 'paused' : 'running';
}

/** Updates a second; null for a run that does not move or has just begun. */
function speedOf(id: string, step: number, state: RunState): number | null {
  const now = performance.now();
  const recent = (samples.get(id) ?? []).filter(({ at, step: then }) => now - at <= speedWindowMs && then <= step);
  recent.push({ at: now, step });
  samples.set(id, recent);
  const [first] = recent;
  if (state !== 'running' || first === undefined || now - first.at < 200) return null;
  return (1000 * (step - first.step)) / (now - first.at);
}

/** A run that was interrupted moves anew: what was measured before says nothing of it. */
export const forgetSpeed = (id: string): void => {
  samples.delete(id);
};
