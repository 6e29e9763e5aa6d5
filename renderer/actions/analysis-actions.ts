import type { PlaneKind } from '../state/results.ts';

/** Computes a plane of a run at a checkpoint (null: the last), coarse to fine; pictures appear as they come. */
export declare function runSlice(
  run: string,
  plane: PlaneKind,
  parameters?: Readonly<Record<string, unknown>>,
  step?: number | null,
): void;
export declare function runSpectrum(
  run: string,
  step: number | null,
  parameters: Readonly<Record<string, unknown>>,
): void;
/** `check this`: the model by differences, the eigenvalues against the dense matrix. */
export declare function runCheck(run: string, step: number | null): void;
/** Seconds of one loss, gradient and product of this run, measured once. */
export declare function measureCosts(run: string): Promise<void>;
export declare function writeReport(run: string): Promise<void>;
