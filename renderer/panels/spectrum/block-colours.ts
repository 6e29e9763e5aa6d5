import type { SpectrumDocument } from '../../../core/experiment/result-documents.ts';

/** Colours of series that a block can have; the smallest blocks of a large network share the colour of the rest. */
const coloured = 6;

export interface BlockColour {
  readonly name: string;
  readonly colour: string;
  /** Places in the document's `blockNames`. */
  readonly blocks: readonly number[];
}

/** One entry a block, those with the largest mass over all eigenvalues first in colour, the order that of the network. */
export function blockColours({ blockNames, eigenvalues, bottom, magnitude }: SpectrumDocument): readonly BlockColour[] {
  const total = blockNames.map((_, b) =>
    [eigenvalues, bottom, magnitude].flat().reduce((sum, { mass }) => sum + (mass?.[b] ?? 0), 0),
  );
  const fits = blockNames.length <= coloured;
  const bySize = [...blockNames.keys()].sort((a, b) => (total[b] ?? 0) - (total[a] ?? 0));
  const own = fits ? bySize : bySize.slice(0, coloured - 1);
  const named = [...own]
    .sort((a, b) => a - b)
    .map((block, i) => ({ name: blockNames[block] ?? '', colour: `var(--c-${i + 1})`, blocks: [block] }));
  const rest = bySize.filter((block) => !own.includes(block));
  return rest.length === 0
    ? named
    : [...named, { name: `${rest.length} other blocks`, colour: 'var(--fg-3)', blocks: rest }];
}

/** The share of each colour in an eigenvector. */
export const sharesOf = (mass: readonly number[], colours: readonly BlockColour[]): readonly number[] =>
  colours.map(({ blocks }) => blocks.reduce((sum, block) => sum + (mass[block] ?? 0), 0));
