/** An installed TensorFlow, as the window shows it. */
export interface EngineRow {
  /** e.g. `tensorflow-2.15.1-cpu`. */
  readonly name: string;
  readonly version: string;
  readonly gpu: boolean;
  readonly active: boolean;
  /** Whether it has the parts of this version of the program; installing it again mends that in a moment. */
  readonly usable: boolean;
  readonly sizeBytes: number;
  /** When its operations were compared with plain sums, ISO 8601, and how far off they were at most. */
  readonly checkedAt: string;
  readonly results: number;
  readonly worstFloat32: number;
  readonly worstFloat64: number;
  readonly threads: number;
  /** GPUs that it found, with their memory in bytes. */
  readonly gpus: readonly { readonly name: string; readonly memoryBytes: number }[];
}

/** What this machine has to compute with. */
export interface EngineReport {
  readonly engines: readonly EngineRow[];
  /** Names of NVIDIA cards. */
  readonly cards: readonly string[];
  /** Whether there is an NVIDIA GPU, used or not. */
  readonly hasGpu: boolean;
  /** Why no NVIDIA GPU computes, as half a sentence; null where one does. */
  readonly whyNoGpu: string | null;
  /** Why TensorFlow cannot be installed on this system; null where it can. */
  readonly whyNoInstallation: string | null;
  /** `linux x64`. */
  readonly platform: string;
}

/** How far an installation is. `total` is 0 where nobody knows it. */
export interface EngineProgress {
  readonly phase: 'read' | 'download' | 'unpack' | 'compile' | 'verify';
  readonly done: number;
  readonly total: number;
  readonly unit: 'MB' | 'steps';
  /** The package that is downloaded. */
  readonly of?: string | undefined;
}

/** What the page can have done; a wheel is chosen by the user in a dialog of the system, never named by the page. */
export type EngineWish =
  | { readonly kind: 'install'; readonly gpu: boolean; readonly from: 'download' | 'wheel' }
  | { readonly kind: 'use' | 'remove'; readonly name: string };
