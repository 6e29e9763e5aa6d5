import { create } from 'zustand';
import type { GrantedFile } from '../../core/protocol/bridge.ts';
import type { Failure } from '../../core/protocol/messages.ts';
import type { ExperimentDescription } from '../../core/protocol/methods.ts';

/** The experiment in the editor: its text is the truth, the form shows and changes it. */
export interface Editor {
  readonly yaml: string;
  /** The text as it lies in its file or run. */
  readonly saved: string;
  readonly file: GrantedFile | null;
  /** Of the text as it stands; null while it is being checked or cannot be used. */
  readonly description: ExperimentDescription | null;
  readonly failure: Failure | null;
  readonly checking: boolean;
}

export const useEditor = create<Editor>(() => ({
  yaml: '',
  saved: '',
  file: null,
  description: null,
  failure: null,
  checking: false,
}));
