import { BadInput } from '../bad-input.ts';
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

/** Inputs that are not in memory: rows are read when they are asked for. */
export interface InputRows {
  /** The rows from…to − 1, row-major, in an array of the caller's. Throws BadInput for what cannot be used, naming its place. */
  read(from: number, to: number): Promise<HostVector>;
  /** Changes when the rows do: for a file, its size and the time of its last change. */
  readonly identity: string;
}

/** Examples of which only the targets are in memory, so that there may be more than memory holds. */
export interface ChunkedDataset extends Omit<Dataset, 'inputs'> {
  readonly rows: InputRows;
}

export type AnyDataset = Dataset | ChunkedDataset;

/** Data that a model must have in memory as a whole; BadInput for rows that are read when asked for. */
export function inMemory(data: AnyDataset): Dataset {
  if (!isChunked(data)) return data;
  throw new BadInput(
    `${data.name} is too large to be held in memory, and here all examples are needed at once.`,
    'Use data.subset; or a model without batch normalisation, in float32.',
  );
}

export const isChunked = (data: AnyDataset): data is ChunkedDataset => 'rows' in data;

/** Numbers of one example's input. */
export const inputWidth = ({ inputShape }: Pick<Dataset, 'inputShape'>): number =>
  inputShape.reduce((product, extent) => product * extent, 1);
