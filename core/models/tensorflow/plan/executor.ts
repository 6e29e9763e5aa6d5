import { findBackend, getBackend } from '@tensorflow/tfjs-core';
import { NativeBackend } from '../native/native-backend.ts';
import { NoLowering, nativeProgramExecutor } from '../native/program-executor.ts';
import { kernelExecutor } from './kernel-executor.ts';
import { biasOnConvolution, maximaByMask, oneInputGradient, scatterByMask } from './patterns.ts';
import type { Program, ProgramExecutor } from './program.ts';
import { curvatureWrittenOut, generalRules, type Rule, type RuleSet } from './rules.ts';

/** The executor of programs on the current backend; `sideBySide`: with several runs at once, where the backend can. */
export function executorFor(program: Program, sideBySide = false): ProgramExecutor {
  const backend: unknown = findBackend(getBackend());
  if (!(backend instanceof NativeBackend)) return kernelExecutor(program);
  try {
    return nativeProgramExecutor(program, backend.binding, { sideBySide });
  } catch (fault) {
    // Kernel by kernel the same program is slower, and right.
    if (fault instanceof NoLowering) return kernelExecutor(program);
    throw fault;
  }
}

const forWholePrograms: Readonly<Record<string, Rule>> = {
  ...generalRules,
  SoftmaxCrossEntropyCurvature: curvatureWrittenOut,
  GatherFromPositions: maximaByMask,
  ScatterToPositions: scatterByMask,
};

/** The rules that pay on the current backend: kernels with loops on the host are one pass, which patterns would make many. */
export function rulesForBackend(patterns: boolean): RuleSet {
  const loops = getBackend() === 'wasm' || getBackend() === 'cpu';
  if (loops || !patterns) return { rules: generalRules, mergedSums: [] };
  return { rules: forWholePrograms, mergedSums: [oneInputGradient, biasOnConvolution] };
}
