import type { Experiment } from '../../core/experiment/experiment.ts';
import type { ProbeKind } from '../../core/training/records.ts';

const names: Readonly<Record<ProbeKind, string>> = {
  loss: 'loss',
  sharpness: 'sharpness',
  lowestEigenvalue: 'lowest eigenvalue',
  preconditionedSharpness: 'preconditioned sharpness',
  eigenvalues: 'top eigenvalues',
  density: 'density',
  gradientNorm: 'gradient norm',
  noiseScale: 'noise scale',
};

export const probeKinds = Object.keys(names) as ProbeKind[];

/**
 * `loss 150 of 151, density 2 of 7`: how many measurements of each kind the budget allowed, of those that the cadence asked
 * for up to a step (and one at the end).
 */
export function probeCounts(
  made: ReadonlyMap<ProbeKind, number>,
  every: Experiment['probes']['every'],
  step: number,
): string {
  return probeKinds
    .filter((kind) => every[kind] > 0)
    .map((kind) => {
      const asked = Math.floor(step / every[kind]) + 1;
      const count = made.get(kind) ?? 0;
      return `${names[kind]} ${count} of ${Math.max(asked, count)}`;
    })
    .join(', ');
}
