/** A trajectory in the coordinates of a grid. */
export interface FilePath {
  readonly steps: readonly number[];
  /** An array an axis. */
  readonly coordinates: readonly Float64Array[];
  readonly distance: Float64Array | null;
  readonly loss: Float64Array | null;
}

/**
 * A landscape as a file holds it, ours or another tool's: numbers on a grid of one to three axes, in one order whatever
 * the file had: point (i, j, k) is entry i + n₀(j + n₁k).
 */
export interface LandscapeFile {
  /** The tool whose form it is. */
  readonly form: 'saddlescope' | 'loss-landscape' | 'landscaper' | 'mode-connectivity';
  readonly axes: readonly { readonly name: string; readonly coordinates: Float64Array; readonly norm: number | null }[];
  readonly fields: readonly {
    /** Our name where we know the quantity: `loss`, `test_loss`, `error` (a share of one) … else the file's own. */
    readonly quantity: string;
    readonly values: Float64Array;
    /** 1 where the file has a value; what a tool uses for “not computed” is none. */
    readonly computed: Uint8Array;
    readonly uncertainty?: Float64Array | null;
  }[];
  readonly path: FilePath | null;
  /** The directions as flat vectors or by tensors, where the file has them. */
  readonly directions:
    | readonly (readonly { readonly name: string; readonly shape: readonly number[]; readonly data: Float64Array }[])[]
    | null;
  /** What else the file says, to be shown: seed, command, name of the direction file. */
  readonly notes: Readonly<Record<string, string>>;
  /** What is known to be unusual or faulty about such files, and what was done about it here; one sentence each. */
  readonly announcements: readonly string[];
}
