import { create } from 'zustand';
import type { AppInformation, ComputeState, RecentFile } from '../../core/protocol/bridge.ts';
import type { Failure } from '../../core/protocol/messages.ts';

export type DialogName =
  | 'palette'
  | 'keys'
  | 'about'
  | 'close'
  | 'analysis'
  | 'branch'
  | 'settings'
  | 'references'
  | 'engine'
  | 'print'
  | 'sliceData';

/** What holds for the window as a whole. */
export interface Session {
  readonly information: AppInformation | null;
  readonly compute: ComputeState;
  readonly recent: readonly RecentFile[];
  /** The dialog that is open, and what it is about. */
  readonly dialog: { readonly name: DialogName; readonly about?: unknown } | null;
  /** The message that stands until it is put away; the newest last. */
  readonly problems: readonly Failure[];
  /** A panel that is to come to the front as soon as there is a dock; the dock takes it. */
  readonly wantedPanel: 'editor' | null;
  /** One polite sentence for the status line and for screen readers. */
  readonly announcement: string;
}

export const useSession = create<Session>(() => ({
  information: null,
  compute: { state: 'starting' },
  recent: [],
  dialog: null,
  problems: [],
  wantedPanel: null,
  announcement: '',
}));

export const openDialog = (name: DialogName, about?: unknown): void => useSession.setState({ dialog: { name, about } });
export const closeDialog = (): void => useSession.setState({ dialog: null });
export const wantPanel = (wantedPanel: Session['wantedPanel']): void => useSession.setState({ wantedPanel });

/** Told again, the same sentence is another text, or nobody would hear it. */
export function announce(sentence: string): void {
  useSession.setState(({ announcement }) => ({
    announcement: announcement === sentence ? `${sentence}\u200b` : sentence,
  }));
}

export function reportProblem(problem: Failure): void {
  useSession.setState(({ problems }) => ({ problems: [...problems.slice(-4), problem] }));
}

export const dismissProblem = (problem: Failure): void =>
  useSession.setState(({ problems }) => ({ problems: problems.filter((other) => other !== problem) }));
