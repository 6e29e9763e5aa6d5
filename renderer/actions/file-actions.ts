import type { GrantedFile } from '../../core/protocol/bridge.ts';
import { bridge } from '../client/bridge.ts';
import { compute } from '../client/compute.ts';
import type { Call } from '../client/compute-client.ts';
import { tookLesson } from '../lessons/lesson-files.ts';
import { type Editor, useEditor } from '../state/editor.ts';
import { perform } from '../state/history.ts';
import { announce, wantPanel } from '../state/session.ts';
import { failureOf, reporting } from './failures.ts';
import { openLandscapes } from './landscape-file-actions.ts';
import { refreshRecent } from './recent.ts';
import { openRun } from './run-actions.ts';

export const openExperimentFile = (): Promise<void> => openChosen('experiment');
export const openRunFolder = (): Promise<void> => openChosen('run');

async function openChosen(kind: 'run' | 'experiment'): Promise<void> {
  const file = await reporting(() => bridge.openFile(kind));
  if (file) await openGranted(file);
}

/** Asks for landscapes, ours and other tools', and what belongs beside them. */
export async function openLandscapeFiles(): Promise<void> {
  const files = await reporting(() => bridge.openLandscapes());
  if (files === null || files.length === 0) return;
  await openLandscapes(files);
  await refreshRecent();
}

/** A run or a landscape is shown and studied; an experiment goes into the editor, which comes to the front. */
export async function openGranted(file: GrantedFile): Promise<void> {
  if (file.kind === 'run') await openRun(file);
  else if (file.kind === 'landscape') await openLandscapes([file]);
  else if (await loadExperiment(file)) wantPanel('editor');
  await refreshRecent();
}

/** An experiment file into the editor, a lesson into its workspace. Answers whether it is in the editor. */
export async function loadExperiment(file: GrantedFile): Promise<boolean> {
  const read = await reporting(() => compute.call('readExperiment', { file: file.reference }).outcome);
  if (read === null) return false;
  if (tookLesson(read.value.yaml, file.name)) return false;
  const { yaml, saved, file: before } = useEditor.getState();
  const isLost = yaml !== saved && yaml !== read.value.yaml;
  editExperiment(read.value.yaml, file);
  const kept = isLost ? ` Undo brings the unsaved changes of ${before?.name ?? 'the text before'} back.` : '';
  announce(`${file.name} is in the editor.${kept}`);
  return true;
}

export async function openRecent(reference: string): Promise<void> {
  const file = await reporting(() => bridge.openRecent(reference));
  if (file) await openGranted(file);
  else await refreshRecent();
}

/** One after the other: what cannot be opened is told and leaves the others alone. Landscapes belong together. */
export async function openDropped(files: readonly File[]): Promise<void> {
  const landscapes: GrantedFile[] = [];
  for (const dropped of files) {
    const file = await reporting(() => bridge.openDropped(dropped));
    if (file?.kind === 'landscape') landscapes.push(file);
    else if (file) await openGranted(file);
  }
  if (landscapes.length === 0) return;
  await openLandscapes(landscapes);
  await refreshRecent();
}

/** Over the file that it was read from; where there is none, as a new one. */
export async function saveExperiment(): Promise<void> {
  const { yaml, file } = useEditor.getState();
  if (file === null || file.kind !== 'experiment') return saveExperimentAs();
  await reporting(async () => {
    await bridge.saveExperiment(file.reference, yaml);
    useEditor.setState({ saved: yaml });
    announce(`Saved ${file.name}.`);
  });
}

/** Asks where; the new file is the one in the editor from then on. */
export async function saveExperimentAs(): Promise<void> {
  const { yaml, file, description } = useEditor.getState();
  const name = file?.name ?? `${description?.experiment.name ?? 'experiment'}.yaml`;
  await reporting(async () => {
    const saved = await bridge.saveExperimentAs(name, yaml);
    if (saved === null) return;
    useEditor.setState({ saved: yaml, file: saved });
    announce(`Saved ${saved.name}.`);
    checkEditor();
  });
  await refreshRecent();
}

/** Into the editor, from a file, a run or one of the bundled experiments. What was there comes back with undo. */
export function editExperiment(yaml: string, file: GrantedFile | null): void {
  const { yaml: before, file: from } = useEditor.getState();
  const home = { saved: yaml, file };
  if (before === '' || (before === yaml && from?.reference === file?.reference)) useEditor.setState({ yaml, ...home });
  else perform(`open ${file?.name ?? 'experiment'}`, { edit: 'experiment', yaml, home });
  checkEditor();
}

/** After the last change of the text. */
const checkAfterMs = 250;
let timer: ReturnType<typeof setTimeout> | null = null;
let asked: Call<'describe'> | null = null;

/** Checks the text of the editor on the compute side, a moment after the last change. */
export function checkEditor(): void {
  if (timer !== null) clearTimeout(timer);
  asked?.cancel();
  asked = null;
  useEditor.setState({ description: null, failure: null, checking: true });
  timer = setTimeout(() => {
    timer = null;
    const { yaml, file } = useEditor.getState();
    const call = compute.call('describe', { source: { yaml, file: file?.reference ?? null } });
    asked = call;
    // What an earlier text came to says nothing of the present one.
    const tell = (change: Partial<Editor>) => {
      if (asked === call) useEditor.setState({ checking: false, ...change });
    };
    call.outcome.then(
      ({ value }) => tell({ description: value }),
      (problem: unknown) => {
        const failure = failureOf(problem);
        if (failure.kind === 'lost') checkEditor();
        else tell({ failure });
      },
    );
  }, checkAfterMs);
}
