import type { AnalysisRun } from './analysis-run.ts';
import { runEscape } from './escape/run.ts';
import { runModes } from './modes/run.ts';
import { runOverlap } from './overlap/run.ts';
import { runSaddles } from './saddles/run.ts';
import { runSampling } from './sampling/run.ts';
import { runSlice } from './slices/run.ts';
import { runSpectrum } from './spectrum/run.ts';
import { runStructure } from './structure/run.ts';

/** What runs each analysis, by the id of its descriptor. Only for the side that computes. */
export const analysisRuns = {
  spectrum: runSpectrum,
  slice: runSlice,
  saddles: runSaddles,
  escape: runEscape,
  modes: runModes,
  overlap: runOverlap,
  sampling: runSampling,
  structure: runStructure,
} satisfies Readonly<Record<string, AnalysisRun>>;
