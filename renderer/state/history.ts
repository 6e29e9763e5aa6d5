import { create } from 'zustand';
import type { GrantedFile } from '../../core/protocol/bridge.ts';
import { putDraft } from './drafts.ts';
import { useEditor } from './editor.ts';
import { useRuns } from './runs.ts';
import { type Settings, useSettings } from './settings.ts';

/** Whatever the user changes, as plain data: what undo, redo, recovery and lessons are made of. */
export type Edit =
  | { readonly edit: 'settings'; readonly change: Partial<Settings> }
  /** With a home, the text of another file or run takes the place of the one that was there, together with its home. */
  | { readonly edit: 'experiment'; readonly yaml: string; readonly home?: EditorHome }
  /** Settings that a run is to be started or branched with; null takes them back. */
  | { readonly edit: 'draft'; readonly run: string; readonly yaml: string | null }
  | { readonly edit: 'visibility'; readonly run: string; readonly visible: boolean }
  | { readonly edit: 'title'; readonly run: string; readonly title: string };

/** Where the text of the editor lies, and as what. */
export interface EditorHome {
  readonly saved: string;
  readonly file: GrantedFile | null;
}

interface Step {
  /** For the menu: `Undo theme`. */
  readonly label: string;
  readonly done: Edit;
  readonly inverse: Edit;
}

export interface History {
  readonly past: readonly Step[];
  readonly future: readonly Step[];
}

const mostSteps = 200;
/** Changes of one thing under one name in quick succession (typing, dragging) are one step. */
const mergeWithinMs = 700;
let lastAt = Number.NEGATIVE_INFINITY;

export const useHistory = create<History>(() => ({ past: [], future: [] }));

/** Applies an edit and answers the one that takes it back. */
function apply(edit: Edit): Edit {
  switch (edit.edit) {
    case 'settings': {
      const before = useSettings.getState();
      const change = Object.fromEntries(
        Object.keys(edit.change).map((key) => [key, before[key as keyof Settings]]),
      ) as Partial<Settings>;
      useSettings.setState(edit.change);
      return { edit: 'settings', change };
    }
    case 'experiment': {
      const { yaml, saved, file } = useEditor.getState();
      useEditor.setState({ yaml: edit.yaml, ...edit.home });
      return { edit: 'experiment', yaml, ...(edit.home ? { home: { saved, file } } : {}) };
    }
    case 'draft':
      return { ...edit, yaml: putDraft(edit.run, edit.yaml) };
    case 'visibility':
    case 'title': {
      const { runs } = useRuns.getState();
      const before = runs.find(({ id }) => id === edit.run);
      const change = edit.edit === 'title' ? { title: edit.title } : { visible: edit.visible };
      useRuns.setState({ runs: runs.map((run) => (run.id === edit.run ? { ...run, ...change } : run)) });
      return edit.edit === 'title'
        ? { ...edit, title: before?.title ?? '' }
        : { ...edit, visible: before?.visible ?? true };
    }
  }
}

const sameThing = (a: Edit, b: Edit): boolean => {
  if (a.edit === 'settings' && b.edit === 'settings')
    return Object.keys(a.change).join() === Object.keys(b.change).join();
  // Opening is a step of its own: typing before it and after it belongs to other files.
  if ('home' in a || 'home' in b) return false;
  return a.edit === b.edit && ('run' in a ? a.run : null) === ('run' in b ? b.run : null);
};

/** Does it, so that it can be undone. */
export function perform(label: string, edit: Edit): void {
  const inverse = apply(edit);
  const now = performance.now();
  useHistory.setState(({ past }) => {
    const last = past[past.length - 1];
    const merged =
      last !== undefined && last.label === label && now - lastAt < mergeWithinMs && sameThing(last.done, edit);
    const step: Step = { label, done: edit, inverse: merged ? last.inverse : inverse };
    return { past: [...(merged ? past.slice(0, -1) : past), step].slice(-mostSteps), future: [] };
  });
  lastAt = now;
}

export function undo(): void {
  const { past, future } = useHistory.getState();
  const step = past[past.length - 1];
  if (step === undefined) return;
  apply(step.inverse);
  lastAt = Number.NEGATIVE_INFINITY;
  useHistory.setState({ past: past.slice(0, -1), future: [step, ...future] });
}

export function redo(): void {
  const { past, future } = useHistory.getState();
  const [step, ...rest] = future;
  if (step === undefined) return;
  apply(step.done);
  lastAt = Number.NEGATIVE_INFINITY;
  useHistory.setState({ past: [...past, step], future: rest });
}

/** For settings, the most frequent edit. */
export const changeSettings = (label: string, change: Partial<Settings>): void =>
  perform(label, { edit: 'settings', change });
