import { create } from 'zustand';
import type { ParameterValue } from '../../core/analyses/analysis-descriptor.ts';
import { saddlesDescriptor } from '../../core/analyses/saddles/descriptor.ts';
import type { ExperimentDescription, ExperimentSource } from '../../core/protocol/methods.ts';
import { useEditor } from './editor.ts';
import { type Run, useRuns } from './runs.ts';
import { experimentKey } from './searches.ts';
import { useStudiedRun } from './shown-run.ts';
import { useStudiedPoint } from './studied-point.ts';

/** Where searches start, as the form offers it: the point is a checkpoint, or what was picked in the landscape. */
export type StartChoice = 'trajectory' | 'random' | 'checkpoint' | 'picked';

/** What is searched: the run that is studied, else the experiment in the editor. */
export interface SaddleSubject {
  /** Its key among the searches. */
  readonly key: string;
  readonly run: Run | null;
  readonly experiment: ExperimentSource | null;
  readonly description: ExperimentDescription | null;
  readonly title: string;
}

/** The parameters of the next search, and where it starts; null: what fits the subject. */
export const useSaddleForm = create<{
  readonly values: Readonly<Record<string, ParameterValue>>;
  readonly from: StartChoice | null;
}>(() => ({
  values: Object.fromEntries(saddlesDescriptor.parameters.map(({ name, default: byItself }) => [name, byItself])),
  from: null,
}));

export const changeForm = (name: string, value: ParameterValue): void =>
  useSaddleForm.setState(({ values }) => ({ values: { ...values, [name]: value } }));

export const chooseStart = (from: StartChoice): void => useSaddleForm.setState({ from });

const subjectOfRun = (run: Run): SaddleSubject => ({
  key: run.id,
  run,
  experiment: null,
  description: run.description,
  title: run.title,
});

function subjectOfEditor(): SaddleSubject | null {
  const { yaml, file, description } = useEditor.getState();
  if (description === null) return null;
  const experiment = { yaml, file: file?.reference ?? null };
  return { key: experimentKey, run: null, experiment, description, title: description.experiment.name };
}

/** For actions: as it is now. */
export function saddleSubject(): SaddleSubject | null {
  const { runs, current } = useRuns.getState();
  const run = runs.find(({ id }) => id === current);
  return run ? subjectOfRun(run) : subjectOfEditor();
}

/** For components that show no number of a run that moves. */
export function useSaddleSubject(): SaddleSubject | null {
  const run = useStudiedRun();
  useEditor(({ description }) => description);
  return run ? subjectOfRun(run) : subjectOfEditor();
}

/** What the form offers for a subject. */
export function startChoices({ run }: SaddleSubject): readonly StartChoice[] {
  if (run === null) return ['random'];
  const point = useStudiedPoint.getState().point;
  return [
    ...(run.checkpoints.length > 0 ? (['trajectory', 'random', 'checkpoint'] as const) : (['random'] as const)),
    ...(point?.run === run.id ? (['picked'] as const) : []),
  ];
}

/** The choice, where it can be had, else the first. */
export function startOf(subject: SaddleSubject, wanted: StartChoice | null): StartChoice {
  const choices = startChoices(subject);
  return wanted !== null && choices.includes(wanted) ? wanted : (choices[0] ?? 'random');
}
