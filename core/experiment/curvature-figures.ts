import type { AnalysisDescriptor } from '../analyses/analysis-descriptor.ts';
import { samplingDescriptor } from '../analyses/sampling/descriptor.ts';
import { proposedSize, sizeOfThese } from '../analyses/sampling/proposed-size.ts';
import type { ProposedSize } from '../analyses/sampling/sampling.ts';
import { structureDescriptor } from '../analyses/structure/descriptor.ts';
import { batchSharpnessFigure } from '../figures/batch-sharpness-figure.ts';
import type { Figure, Reference } from '../figures/figure.ts';
import { samplingFigure } from '../figures/sampling-figure.ts';
import { structureFigure } from '../figures/structure-figure.ts';
import type { Theme } from '../figures/theme.ts';
import type { SamplingDocument, StructureDocument } from './result-documents.ts';

/** Figures of sampling error and of structure, from their documents, and what needs no product to be told anew. */

const referencesOf = ({ references }: AnalysisDescriptor): Reference[] =>
  references.map(({ authors, year, title, bibtex }) => ({ text: `${authors} (${year}): ${title}.`, bibtex }));

/** A proposal, and the interval of how many of the examples at hand are enough for the value of all of them. */
export interface ProposalAt extends ProposedSize {
  readonly ofTheseLow95: number;
  readonly ofTheseHigh95: number;
}

/** How many examples another accuracy takes: from σ and c of the document, without a product. */
export function proposalAt(
  document: SamplingDocument,
  quantity: ProposedSize['quantity'],
  accuracy: number,
): ProposalAt {
  const { examples, biasConstant } = document;
  const curvature = document[quantity];
  const c = quantity === 'sharpness' ? biasConstant.value : 0;
  const ofThese = (perExample: number) =>
    sizeOfThese({ perExample, biasConstant: c }, accuracy * Math.abs(curvature.value), examples);
  return {
    ...proposedSize(quantity, curvature, c, accuracy, examples),
    ofTheseLow95: ofThese(curvature.perExampleLow95),
    ofTheseHigh95: ofThese(curvature.perExampleHigh95),
  };
}

export function samplingErrorFigure(
  document: SamplingDocument,
  quantity: ProposedSize['quantity'],
  accuracy: number,
  theme?: Theme,
): Figure {
  const { examples, ladder, biasConstant, command } = document;
  const isSharpness = quantity === 'sharpness';
  return samplingFigure(
    {
      quantity,
      ...document[quantity],
      examples,
      ladder: isSharpness ? ladder : [],
      bias: isSharpness ? biasConstant : null,
      accuracy,
      proposal: proposalAt(document, quantity, accuracy),
      command,
      references: referencesOf(samplingDescriptor),
    },
    theme,
  );
}

/** Null where no mini-batches were asked for. */
export function miniBatchFigure(
  { batchSharpness, sharpness, command }: SamplingDocument,
  threshold: { readonly name: string; readonly value: number } | null,
  theme?: Theme,
): Figure | null {
  if (batchSharpness === null) return null;
  return batchSharpnessFigure(
    { ...batchSharpness, whole: sharpness.value, threshold, command, references: referencesOf(samplingDescriptor) },
    theme,
  );
}

/** Null where the classes were left out. */
export function classStructureFigure({ classes, command }: StructureDocument, theme?: Theme): Figure | null {
  if (classes === null) return null;
  const { hessianRatios, parts } = classes;
  const { largestAt, ratios, certain } = hessianRatios;
  const g1 = parts.find(({ name }) => name === 'G1');
  return structureFigure(
    {
      classes: classes.classes,
      hessian: classes.hessian,
      gaussNewton: classes.gaussNewton,
      g1: g1 ?? { eigenvalues: [], floor: 0 },
      gap: largestAt === null ? null : { k: largestAt, ratio: ratios[largestAt - 1] ?? Number.NaN, certain },
      command,
      references: referencesOf(structureDescriptor),
    },
    theme,
  );
}
