import type { GrantedFile } from '../../../core/protocol/bridge.ts';
import { editExperiment, loadExperiment } from '../../actions/file-actions.ts';
import { startRun } from '../../actions/run-actions.ts';
import { useEditor } from '../../state/editor.ts';
import type { Run } from '../../state/runs.ts';
import { announce, reportProblem, wantPanel } from '../../state/session.ts';
import { examinedText } from './examined-text.ts';

/** Trains what the editor holds. What cannot be read is told, not started. */
export async function startFromEditor(): Promise<void> {
  const { yaml, file } = useEditor.getState();
  const { experiment, complaint } = examinedText(yaml);
  if (complaint) reportProblem({ kind: 'badInput', found: complaint.found, advice: complaint.advice });
  if (experiment === null) return;
  await startRun({ yaml, file: file?.reference ?? null }, experiment.name);
  announce(`${experiment.name} was started.`);
}

/** The experiment of a run, into the editor and before the eyes. */
export function editExperimentOf({ yaml, file }: Run): void {
  editExperiment(yaml, file);
  wantPanel('editor');
}

/** Into the editor and trained: what runs is what can be looked at and changed. */
export async function startBundled(file: GrantedFile): Promise<void> {
  if (await loadExperiment(file)) await startFromEditor();
}
