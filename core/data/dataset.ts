import type { HostVector } from '../linalg/vector-space.ts';

export type Targets =
  | { readonly kind: 'classes'; readonly classes: number; readonly labels: Int32Array }
  | { readonly kind: 'values'; readonly width: number; readonly values: HostVector };

/** Examples in memory: `inputs` is row-major, one row of Π inputShape numbers an example. */
export interface Dataset {
  readonly name: string;
  readonly examples: number;
  /** Shape of one example: [28, 28, 1] (height, width, channels), [64], [2] … */
  readonly inputShape: readonly number[];
  readonly inputs: HostVector;
  readonly targets: Targets;
  /** Where it comes from, for the report and the provenance. */
  readonly source: string;
}
