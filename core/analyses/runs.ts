import type { AnalysisRun } from './analysis-run.ts';
import { runSlice } from './slices/run.ts';
import { runSpectrum } from './spectrum/run.ts';
import { runStructure } from './structure/run.ts';

/** What runs each analysis, by the id of its descriptor. Only for the side that computes. */
export const analysisRuns = {
  spectrum: runSpectrum,
  slice: runSlice,
  structure: runStructure,
} satisfies Readonly<Record<string, AnalysisRun>>;
