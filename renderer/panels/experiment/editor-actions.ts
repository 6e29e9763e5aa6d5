import type { GrantedFile } from '../../../core/protocol/bridge.ts';
import { openGranted } from '../../actions/file-actions.ts';
import { startRun } from '../../actions/run-actions.ts';
import { useEditor } from '../../state/editor.ts';
import { announce, reportProblem } from '../../state/session.ts';
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

/** Into the editor and trained: what runs is what can be looked at and changed. */
export async function startBundled(file: GrantedFile): Promise<void> {
  await openGranted(file);
  if (useEditor.getState().file?.reference === file.reference) await startFromEditor();
}
