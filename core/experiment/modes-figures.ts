import { modesDescriptor } from '../analyses/modes/descriptor.ts';
import type { TheoryForm } from '../analyses/modes/modes.ts';
import type { Figure } from '../figures/figure.ts';
import { modeFigure } from '../figures/mode-figure.ts';
import type { Theme } from '../figures/theme.ts';
import type { ModesDocument } from './result-documents.ts';

/** What each exact solution is of. */
export const theoryNames: Readonly<Record<TheoryForm, string>> = {
  balanced: 'balanced modes of two matrices',
  unbalanced: 'modes of two matrices with the κ of their start',
  deep: 'balanced modes of more than two matrices',
  none: 'none',
};

/** Mode strengths of a run beside the exact flow. */
export function modesFigure(document: ModesDocument, theme?: Theme): Figure {
  const { references } = modesDescriptor;
  return modeFigure(
    {
      ...document,
      theoryName: theoryNames[document.form],
      references: references.map(({ authors, year, title, bibtex }) => ({
        text: `${authors} (${year}): ${title}.`,
        bibtex,
      })),
    },
    theme,
  );
}
