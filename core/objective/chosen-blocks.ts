import { BadInput } from '../bad-input.ts';
import type { ParameterBlock, ParameterLayout } from './parameter-layout.ts';

/** Blocks of θ by name, in the order of the layout. BadInput for a name that the layout does not have, or for none. */
export function chosenBlocks({ blocks }: ParameterLayout, names: readonly string[]): ParameterBlock[] {
  const unknown = names.find((name) => !blocks.some((block) => block.name === name));
  if (unknown !== undefined || names.length === 0) {
    throw new BadInput(
      unknown === undefined
        ? 'No block of parameters was chosen.'
        : `There is no block of parameters named ${unknown}.`,
      `Choose among ${blocks.map((block) => block.name).join(', ')}.`,
    );
  }
  return blocks.filter((block) => names.includes(block.name));
}
