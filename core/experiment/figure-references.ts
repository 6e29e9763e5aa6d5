import type { AnalysisDescriptor } from '../analyses/analysis-descriptor.ts';
import type { Reference } from '../figures/figure.ts';

/** The references of an analysis as figures carry them. */
export const referencesOf = ({ references }: AnalysisDescriptor): Reference[] =>
  references.map(({ authors, year, title, bibtex }) => ({ text: `${authors} (${year}): ${title}.`, bibtex }));
