import { numberText } from '../../../core/figures/number-text.ts';
import { type Run, type RunState, runOf } from '../../state/runs.ts';
import type { BadgeKind } from '../../widgets/badge.tsx';
import type { IconName } from '../../widgets/icon.tsx';

export interface StateWord {
  readonly word: string;
  readonly icon: IconName;
  readonly kind: BadgeKind;
}

const words: Readonly<Record<RunState, StateWord>> = {
  opening: { word: 'opening', icon: 'open', kind: 'info' },
  running: { word: 'running', icon: 'play', kind: 'info' },
  paused: { word: 'paused', icon: 'pause', kind: 'warn' },
  stopping: { word: 'stopping', icon: 'stop', kind: 'info' },
  interrupted: { word: 'interrupted', icon: 'warn', kind: 'warn' },
  stopped: { word: 'stopped', icon: 'stop', kind: 'info' },
  finished: { word: 'finished', icon: 'check', kind: 'ok' },
  diverged: { word: 'diverged', icon: 'cross', kind: 'bad' },
  failed: { word: 'failed', icon: 'cross', kind: 'bad' },
  killed: { word: 'killed', icon: 'warn', kind: 'warn' },
  elsewhere: { word: 'runs elsewhere', icon: 'info', kind: 'info' },
};

export const stateWord = (state: RunState): StateWord => words[state];

/** Whether there is something left to do in the run's own folder. */
export const canContinue = ({ state, step, steps, description }: Run): boolean =>
  (state === 'stopped' || state === 'killed' || (state === 'failed' && description !== null)) && step < steps;

/** `1 min 20 s`, `3 h 5 min`; two units at most. */
export function durationText(seconds: number): string {
  if (seconds < 10) return `${numberText(Math.max(0.1, seconds), 2)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (hours > 0) return `${numberText(hours, 6)} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${rest} s` : `${rest} s`;
}

/** What happened to a run that does not go on, and what to do; null where there is nothing to say. */
export function endingOf(run: Run): { readonly found: string; readonly advice: string } | null {
  const { state, step, failure, outcome, learningRate } = run;
  if (state === 'diverged')
    return {
      found:
        outcome?.status === 'notFinite'
          ? `The loss was no longer a number at step ${numberText(step, 9)}${at(learningRate)}.`
          : `The loss left every bound at step ${numberText(step, 9)}${at(learningRate)}.`,
      advice: 'Branch the run at an earlier checkpoint with a smaller step size η.',
    };
  if (state === 'killed')
    return {
      found: failure?.found ?? 'The process that trained this run ended before it could finish.',
      advice: 'Continue it: at most its last ten seconds are made again.',
    };
  if (state === 'elsewhere')
    return {
      found: 'Another process trains this run at this moment.',
      advice: 'Stop it there to continue it here, or branch it.',
    };
  if (failure !== null && (state === 'failed' || state === 'interrupted')) return failure;
  if (state === 'finished' && outcome?.met) {
    const { condition, value, limit } = outcome.met;
    return {
      found: `Stopped by its condition: ${condition.quantity} was ${numberText(value)}, the limit is ${numberText(limit)}.`,
      advice: 'Start a new run without the condition to go on.',
    };
  }
  return null;
}

const at = (learningRate: number | null): string =>
  learningRate === null ? '' : ` at η = ${numberText(learningRate)}`;

/** `branch of first-light at step 500`. */
export function branchText({ branchedFrom }: Run): string | null {
  if (branchedFrom === null) return null;
  const from = runOf(branchedFrom.run)?.title;
  return `${from === undefined ? 'branch' : `branch of ${from}`} at step ${numberText(branchedFrom.step, 9)}`;
}

/** η as the next update takes it: what was set last, at or before a step, else what the updates or the experiment say. */
export function wantedLearningRate(run: Run, atOrBefore = Number.POSITIVE_INFINITY): number | null {
  const { series, learningRate, description } = run;
  for (let i = series.events.length - 1; i >= 0; i--) {
    const event = series.events[i];
    if (event?.record === 'event' && event.event === 'learningRate' && event.step <= atOrBefore) return event.to;
  }
  const { learningRate: given, schedule } = description?.experiment.optimizer.settings ?? {};
  const isConstant = ((schedule as { readonly kind?: string } | undefined)?.kind ?? 'constant') === 'constant';
  // A branch goes on with the η that was set in the run it left: then its first update says more than its text.
  const [first] = series.updates.length > 0 ? series.updates.data.learningRate : [];
  if (isConstant && first !== undefined) return first;
  return typeof given === 'number' ? given : learningRate;
}
