import type { ParameterBlock, ParameterLayout } from '../../objective/parameter-layout.ts';

/** A dense layer as its kernel (inputs × units, row-major) and the bias behind it. */
export interface KfacLayer {
  readonly layer: string;
  readonly kernel: ParameterBlock;
  readonly bias: ParameterBlock;
}

export interface LeftOut {
  readonly layer: string;
  readonly reason: string;
}

/** Which layers of a layout are dense ones with a bias right behind their kernel, and why the others are not. */
export function kfacLayers({ blocks }: ParameterLayout): { covered: KfacLayer[]; notCovered: LeftOut[] } {
  const covered: KfacLayer[] = [];
  const notCovered: LeftOut[] = [];
  for (const layer of new Set(blocks.map((block) => block.layer))) {
    const own = blocks.filter((block) => block.layer === layer);
    const [kernel, bias] = own;
    if (kernel?.role !== 'kernel' || kernel.shape.length !== 2)
      notCovered.push({ layer, reason: 'it is not a dense layer' });
    else if (own.length !== 2 || bias?.role !== 'bias' || bias.offset !== kernel.offset + kernel.size)
      notCovered.push({ layer, reason: 'without a bias the scale of its inputs cannot be had from products' });
    else covered.push({ layer, kernel, bias });
  }
  return { covered, notCovered };
}
