import type { AnalysisDescriptor } from './analysis-descriptor.ts';
import { escapeDescriptor } from './escape/descriptor.ts';
import { modesDescriptor } from './modes/descriptor.ts';
import { overlapDescriptor } from './overlap/descriptor.ts';
import { saddlesDescriptor } from './saddles/descriptor.ts';
import { samplingDescriptor } from './sampling/descriptor.ts';
import { sliceDescriptor } from './slices/descriptor.ts';
import { spectrumDescriptor } from './spectrum/descriptor.ts';
import { structureDescriptor } from './structure/descriptor.ts';

/** Every analysis, in the order of menus and help. What runs them: `runs.ts`. */
export const analyses: readonly AnalysisDescriptor[] = [
  spectrumDescriptor,
  sliceDescriptor,
  saddlesDescriptor,
  escapeDescriptor,
  structureDescriptor,
  modesDescriptor,
  overlapDescriptor,
  samplingDescriptor,
];
