import * as v from 'valibot';
import { bridge } from '../client/bridge.ts';
import { useEditor } from '../state/editor.ts';
import { announce, useSession } from '../state/session.ts';
import { report, reporting } from './failures.ts';
import { checkEditor } from './file-actions.ts';

/** An unsaved text is safe within a second of its last change, and at least this often while somebody types on. */
const afterMs = 500;

const schema = v.object({
  version: v.literal(1),
  yaml: v.string(),
  saved: v.string(),
  /** The whole path, for files have other references in the next session. */
  shown: v.nullable(v.string()),
});

let timer: ReturnType<typeof setTimeout> | null = null;
let written: string | null = null;
let writing = 0;
let listener = () => {};

/** Whether there is something that a moment later would be safe. */
export const isBackupDue = (): boolean => timer !== null || writing > 0;

/** Told when a backup becomes due, and when it is written. */
export const onBackup = (told: () => void): void => {
  listener = told;
};

/** Keeps unsaved texts for the next start. Answers what ends that. */
export function keepBackups(): () => void {
  const stop = useEditor.subscribe((now, before) => {
    if (now.yaml === before.yaml && now.saved === before.saved) return;
    timer ??= setTimeout(() => void writeBackup(), afterMs);
    listener();
  });
  return () => {
    stop();
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
}

/** What is unsaved now, at once. */
export async function writeBackup(): Promise<void> {
  const { yaml, saved, file } = useEditor.getState();
  const text = yaml === saved ? null : JSON.stringify({ version: 1, yaml, saved, shown: file?.shown ?? null });
  // Before it is written: what is typed meanwhile becomes due anew.
  if (timer !== null) clearTimeout(timer);
  timer = null;
  writing++;
  try {
    if (text !== written) await bridge.writeBackup(text);
    written = text;
  } catch (problem) {
    report(problem);
  } finally {
    writing--;
    listener();
  }
}

/** What was unsaved when the last session ended goes back into the editor. Answers whether there was something. */
export async function restoreBackup(): Promise<boolean> {
  const text = await reporting(() => bridge.readBackup());
  const backup = readBackup(text);
  if (backup === null) return false;
  written = text;
  const { yaml, saved, shown } = backup;
  const file = await fileAt(shown);
  useEditor.setState({ yaml, saved: file ? saved : '', file });
  checkEditor();
  announce(`Restored the unsaved changes of ${file?.name ?? 'an experiment'}.`);
  return true;
}

/** Null for what is no backup, damaged, or of another version. */
export function readBackup(text: string | null): v.InferOutput<typeof schema> | null {
  if (text === null) return null;
  try {
    const read = v.safeParse(schema, JSON.parse(text));
    return read.success ? read.output : null;
  } catch {
    return null;
  }
}

/** The experiment's own file, where it is still known and there. */
async function fileAt(shown: string | null) {
  const known = useSession.getState().recent.find((file) => file.shown === shown && file.kind === 'experiment');
  return known ? bridge.openRecent(known.reference).catch(() => null) : null;
}
