export type ParameterRole = 'kernel' | 'bias' | 'gain' | 'shift' | 'embedding' | 'other';

/** One tensor of parameters inside the flat θ. */
export interface ParameterBlock {
  /** Unique, for people and files: `dense_1/kernel`. */
  readonly name: string;
  /** The layer it belongs to (a node of the layer graph). */
  readonly layer: string;
  readonly role: ParameterRole;
  readonly shape: readonly number[];
  /** Axis that counts the filters (output units or channels); null where the block has none. */
  readonly filterAxis: number | null;
  readonly offset: number;
  readonly size: number;
  /** For the kernel of a dense layer behind a flatten: the shape [height, width, channels] before flattening. */
  readonly flattenedFrom?: readonly number[];
}

/** The flat vector θ as named blocks, contiguous, in order, without holes. */
export interface ParameterLayout {
  readonly dim: number;
  readonly blocks: readonly ParameterBlock[];
}

/** A layout from blocks without offsets, in the given order. */
export function parameterLayout(blocks: readonly Omit<ParameterBlock, 'offset' | 'size'>[]): ParameterLayout {
  let offset = 0;
  const placed = blocks.map((block) => {
    const size = block.shape.reduce((product, extent) => product * extent, 1);
    const at = { ...block, offset, size };
    offset += size;
    return at;
  });
  return { dim: offset, blocks: placed };
}
