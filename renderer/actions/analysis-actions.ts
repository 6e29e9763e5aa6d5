import type { PlaneKind } from '../state/results.ts';

/** Computes a plane of a run at a checkpoint (null: the last), coarse to fine; pictures appear as they come. */
export function runSlice(
  run: string,
  _plane: PlaneKind,
  _parameters?: Readonly<Record<string, unknown>>,
  _step?: number | null,
): void {}
export function runSpectrum(run: string, _step: number | null, _parameters: Readonly<Record<string, unknown>>): void {}
/** `check this`: the model by differences, the eigenvalues against the dense matrix. */
export function runCheck(_run: string, _step: number | null): void {}
/** Seconds of one loss, gradient and product of this run, measured once. */
export async function measureCosts(_run: string): Promise<void> {}
export async function writeReport(_run: string): Promise<void> {}
