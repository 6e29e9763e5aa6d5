import type { EngineProgress, EngineReport, EngineWish } from './engines.ts';
import type { FileReference } from './methods.ts';

/** A run's folder, an experiment's file, or a file of numbers on a grid, ours or another tool's. */
export type FileKind = 'run' | 'experiment' | 'landscape';

/** A file or folder that the user gave to the app. */
export interface GrantedFile {
  readonly reference: FileReference;
  readonly kind: FileKind;
  /** Its last part, for titles. */
  readonly name: string;
  /** The whole path, to be shown and copied, never to be used. */
  readonly shown: string;
}

/** A lesson's file as it was written. */
export interface LessonText {
  readonly name: string;
  readonly yaml: string;
}

export interface RecentFile extends GrantedFile {
  /** Milliseconds since 1970. */
  readonly openedAt: number;
}

export interface AppInformation {
  readonly version: string;
  readonly runtime: string;
  readonly runtimeSupported: boolean;
  readonly platform: 'linux' | 'darwin' | 'win32';
  /** Whether the start-up experiment is to be started: told once, not to a page that is loaded again. */
  readonly firstLight: boolean;
  /** Why the last session ended without saying goodbye; null where it did. */
  readonly recovered: string | null;
}

/** How the process that computes stands. `stopped` after three ends within two minutes. */
export type ComputeState =
  | { readonly state: 'starting' }
  | { readonly state: 'ready' }
  | { readonly state: 'restarting'; readonly inSeconds: number; readonly reason: string }
  | { readonly state: 'stopped'; readonly reason: string };

export type SaveKind =
  | 'svg'
  | 'png'
  | 'pdf'
  | 'csv'
  | 'npz'
  | 'json'
  | 'yaml'
  | 'txt'
  | 'bib'
  | 'webm'
  | 'glb'
  | 'vts'
  | 'vtp'
  | 'vti'
  | 'h5'
  | 'gif'
  | 'html';

/** Settings are plain JSON that the page alone understands; main keeps them, whole or not at all. */
export type StoredSettings = Readonly<Record<string, unknown>>;

export type RemoveListener = () => void;

/**
 * Everything that the page can ask of the main process; nothing else reaches it. Each call is checked there: sender,
 * channel, shape. Calls that the user cancels answer null.
 */
export interface Bridge {
  information(): Promise<AppInformation>;
  /** A new MessagePort to the compute process arrives as a `message` event of the window each time there is one. */
  connectCompute(): Promise<void>;
  restartCompute(): Promise<void>;
  onComputeState(listener: (state: ComputeState) => void): RemoveListener;
  readSettings(): Promise<StoredSettings>;
  writeSettings(settings: StoredSettings): Promise<void>;
  openFile(kind: 'run' | 'experiment' | 'lesson'): Promise<GrantedFile | null>;
  /** Asks for landscapes, with their direction and projection files; none where the user gives up. */
  openLandscapes(): Promise<readonly GrantedFile[]>;
  /** A `File` of a drop event. */
  openDropped(file: unknown): Promise<GrantedFile | null>;
  openRecent(reference: FileReference): Promise<GrantedFile | null>;
  recentFiles(): Promise<readonly RecentFile[]>;
  clearRecentFiles(): Promise<void>;
  bundledExperiments(): Promise<readonly GrantedFile[]>;
  /** Lessons that come with the app, in their order. */
  bundledLessons(): Promise<readonly LessonText[]>;
  /** A folder for a new run, not made yet. `start-up` runs are kept for a while only. */
  newRun(name: string, purpose: 'start-up' | 'kept'): Promise<GrantedFile>;
  /** Asks where, and writes whole or not at all; answers the path. PDF content is the SVG to print. */
  saveFile(suggestedName: string, kind: SaveKind, content: Uint8Array | string): Promise<string | null>;
  /** Writes a text over the experiment file that was opened under this reference. */
  saveExperiment(reference: FileReference, yaml: string): Promise<void>;
  /** Asks where, and writes a text as an experiment file; answers the file, open as if the user had opened it. */
  saveExperimentAs(suggestedName: string, yaml: string): Promise<GrantedFile | null>;
  copyText(text: string): Promise<void>;
  revealFile(reference: FileReference): Promise<void>;
  /** One of `documentationPages`. */
  openDocumentation(page: string): Promise<void>;
  /** Files given by the system: open-with, a second start. */
  onOpened(listener: (file: GrantedFile) => void): RemoveListener;
  /** The user wants to close. The page answers with `close` once nothing would be lost. */
  onCloseRequested(listener: () => void): RemoveListener;
  close(): Promise<void>;
  /** Main asks before it closes while this is true. */
  setBusy(busy: boolean): Promise<void>;
  toggleFullScreen(): Promise<void>;
  /** Into the log, one click away from every error message. */
  log(level: 'info' | 'error', text: string): Promise<void>;
  showLog(): Promise<void>;
  /** Unsaved texts, kept within a second for the next start. */
  writeBackup(text: string | null): Promise<void>;
  readBackup(): Promise<string | null>;
  /** What is installed to compute with, and what this machine has. */
  engines(): Promise<EngineReport>;
  /** Installs, chooses or removes a TensorFlow, one at a time; null where the user gave it up, and nothing has changed then. */
  changeEngine(wish: EngineWish): Promise<EngineReport | null>;
  cancelEngineChange(): Promise<void>;
  onEngineProgress(listener: (progress: EngineProgress) => void): RemoveListener;
}

/** Under which the page finds the bridge. */
export const bridgeName = 'saddlescope';

/** Data of the message event that carries the port to the compute process. */
export const computePortMessage = 'saddlescope-compute-port';

/** Each call is a channel of its own between preload and main, and so is each event. */
export const bridgeChannel = (name: keyof Bridge | 'computePort' | 'closeSeen'): string => `saddlescope/${name}`;

/** Why a call was refused, for people. */
export interface Refusal {
  readonly found: string;
  readonly advice: string;
}

/**
 * A refused call rejects with an Error whose message is its Refusal as JSON: of an error, only the message crosses from
 * the preload world into the page's.
 */
export const refusalMessage = ({ found, advice }: Refusal): string => JSON.stringify({ found, advice });

/** What a call of the bridge rejected with. */
export function readRefusal(problem: unknown): Refusal {
  const message = problem instanceof Error ? problem.message : String(problem);
  try {
    const { found, advice } = JSON.parse(message) as Partial<Refusal>;
    if (typeof found === 'string' && typeof advice === 'string') return { found, advice };
  } catch {
    // It came from elsewhere.
  }
  return { found: `The app did not do that: ${message}.`, advice: 'Try again, and look into the log.' };
}

/** What `openDocumentation` can open; main knows the addresses. */
export const documentationPages = [
  'edge-of-stability',
  'adaptive-edge-of-stability',
  'visualizing-loss-landscapes',
  'spectral-density',
  'hessian-products',
  'numpy',
  'vega-lite',
  'electron',
] as const;
