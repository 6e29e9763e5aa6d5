import { BadInput } from '../../bad-input.ts';
import type { ParameterLayout } from '../../objective/parameter-layout.ts';

/**
 * Names of blocks out of a text: names of blocks or of layers with commas between, in the order of the layout. Null for
 * all. BadInput for a name that is neither.
 */
export function namedBlocks({ blocks }: ParameterLayout, text: string | null): readonly string[] | null {
  if (text === null) return null;
  const wanted = text.split(',').map((name) => name.trim());
  for (const name of wanted)
    if (!blocks.some((block) => block.name === name || block.layer === name))
      throw new BadInput(
        `There is no layer and no block of parameters named ${name || '“”'}.`,
        `Choose among ${[...new Set(blocks.flatMap((block) => [block.layer, block.name]))].join(', ')}.`,
      );
  return blocks.filter(({ name, layer }) => wanted.includes(name) || wanted.includes(layer)).map(({ name }) => name);
}
