import type { OpCase } from './op-case.ts';
import { functionCases } from './op-cases-functions.ts';
import { layerCases } from './op-cases-layers.ts';
import { loweredCases } from './op-cases-lowered.ts';

/** The table of operations. */
export const opCases: readonly OpCase[] = [...layerCases, ...functionCases, ...loweredCases];
