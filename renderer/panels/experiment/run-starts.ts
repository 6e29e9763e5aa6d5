import { differences, differenceText } from '../../../core/experiment/differences.ts';
import { startRun } from '../../actions/run-actions.ts';
import { sourceOf } from '../../actions/training.ts';
import { perform } from '../../state/history.ts';
import type { Run } from '../../state/runs.ts';
import { announce } from '../../state/session.ts';
import { examinedText } from './examined-text.ts';

/** The file or run folder that relative paths of a run's experiment start from. */
const homeOf = ({ id, description }: Run): string | null => sourceOf(id)?.file ?? (description === null ? null : id);

/** A title that says what is other than in the run it comes from: `first-light, η = 0.02`. */
export function titleOfChange(from: string, to: string): string {
  const [before, after] = [examinedText(from).experiment, examinedText(to).experiment];
  if (before === null || after === null) return after?.name ?? 'experiment';
  const changes = differences(before, after).slice(0, 2).map(differenceText);
  return [after.name, ...changes].join(', ').slice(0, 80);
}

/** A new run with changed settings of another one, which goes on as it is. */
export async function startDraft(run: Run, yaml: string): Promise<void> {
  const title = titleOfChange(run.yaml, yaml);
  await startRun({ yaml, file: homeOf(run) }, title);
  perform('Start as new run', { edit: 'draft', run: run.id, yaml: null });
  announce(`${title} was started.`);
}
