import type { ParameterBlock } from '../parameter-layout.ts';

/** A strided part of θ: `length` consecutive entries in each of `groups` groups that begin `stride` apart. */
export interface BlockPart {
  readonly start: number;
  readonly length: number;
  readonly groups: number;
  readonly stride: number;
}

export const wholeBlock = ({ offset, size }: Pick<ParameterBlock, 'offset' | 'size'>): BlockPart => ({
  start: offset,
  length: size,
  groups: 1,
  stride: 0,
});

/** The entries of a block at one index of an axis. `shape` may split an axis of the block's own. */
export function partAlong(
  { offset, shape }: Pick<ParameterBlock, 'offset' | 'shape'>,
  axis: number,
  index: number,
): BlockPart {
  const inner = shape.slice(axis + 1).reduce((product, extent) => product * extent, 1);
  const groups = shape.slice(0, axis).reduce((product, extent) => product * extent, 1);
  return { start: offset + index * inner, length: inner, groups, stride: (shape[axis] ?? 1) * inner };
}

/** Calls `visit` with every place of a part. */
export function eachPlace({ start, length, groups, stride }: BlockPart, visit: (place: number) => void): void {
  for (let group = 0; group < groups; group++) {
    const from = start + group * stride;
    for (let i = from; i < from + length; i++) visit(i);
  }
}
