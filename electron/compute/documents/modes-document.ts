import { flowClock, notTheFlow } from '../../../core/analyses/modes/flow-clock.ts';
import type { Modes } from '../../../core/analyses/modes/modes.ts';
import { runModes } from '../../../core/analyses/modes/run.ts';
import type { ModesDocument } from '../../../core/experiment/result-documents.ts';
import { writeJson } from '../../../core/formats/json-numbers.ts';
import type { StepRecord } from '../../../core/training/records.ts';
import { trainingSettings } from '../../../core/training/settings.ts';
import { readRunMetrics, writeResult } from '../../host/run-folder.ts';
import type { OpenedPoint } from '../open-point.ts';
import { runTrajectory } from '../run-trajectory.ts';
import { documentOfPoint, type Monitor } from './analysis-document.ts';

/** `run` gives the checkpoints up to the point, and the time of the flow by its records. */
export async function modesOfPoint(
  point: OpenedPoint,
  run: string | null,
  parameters: Readonly<Record<string, unknown>>,
  command: string,
  monitor: Monitor,
): Promise<ModesDocument> {
  const { opened, step } = point;
  const { closedForm, experiment } = opened;
  const trajectory = run === null ? undefined : await runTrajectory(run, opened.objective.layout, step ?? 0);
  const records = run === null ? [] : await readRunMetrics(run);
  const steps = records.filter((record): record is StepRecord => record.record === 'step');
  const settings = trainingSettings(experiment.optimizer.kind, experiment.optimizer.settings);
  const network = closedForm?.kind === 'deepLinear' ? closedForm.model : undefined;
  return documentOfPoint<Modes>(
    point,
    {
      rng: opened.rng.split('modes'),
      command,
      run: (objective, theta, context) =>
        runModes(objective, theta, parameters, {
          ...context,
          trajectory,
          network,
          clock: flowClock(steps, settings),
          noFlow: notTheFlow(settings),
        }),
    },
    monitor,
  );
}

/** `results/modes-step-N.json` of a run. Answers why nothing was stored, or null. */
export async function storeModes(run: string, document: ModesDocument): Promise<string | null> {
  if (document.status === 'cancelled') return 'it was stopped.';
  await writeResult(run, `modes-step-${document.step}.json`, `${writeJson(document, 1)}\n`);
  return null;
}

const numbers = (list: ArrayLike<number>): Float64Array => Float64Array.from(list);

/** A stored document with its lists as in memory: JSON knows no typed arrays. */
export function withTypedModes(document: ModesDocument): ModesDocument {
  return {
    ...document,
    steps: numbers(document.steps),
    times: numbers(document.times),
    loss: numbers(document.loss),
    offDiagonal: numbers(document.offDiagonal),
    imbalance: numbers(document.imbalance),
    drift: numbers(document.drift),
    modes: document.modes.map((mode) => ({
      ...mode,
      strengths: numbers(mode.strengths),
      theory: mode.theory && numbers(mode.theory),
    })),
    curves: {
      steps: numbers(document.curves.steps),
      values: document.curves.values.map((values) => values && numbers(values)),
    },
  };
}
