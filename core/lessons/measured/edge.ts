import { type Control, knownOnly, type Measured, type Quantity } from './measured.ts';

export const edgeControls: readonly Control[] = [
  { name: 'learningRate', title: 'Step size η' },
  { name: 'seed', title: 'Another start' },
];

export const edgeQuantities: readonly Quantity[] = [
  { name: 'learningRate', meaning: 'step size η', unit: '' },
  { name: 'threshold', meaning: '2/η', unit: '' },
  { name: 'step', meaning: 'steps that were made', unit: 'steps' },
  { name: 'loss', meaning: 'loss', unit: '' },
  { name: 'sharpness', meaning: 'sharpness λ₁', unit: '' },
  { name: 'overThreshold', meaning: 'sharpness over 2/η', unit: '' },
  { name: 'rises', meaning: 'steps of the last hundred in which the loss rose', unit: 'steps' },
  { name: 'lossChange', meaning: 'loss now over the loss a hundred steps ago', unit: '' },
  { name: 'changes', meaning: 'changes of η while it ran', unit: '' },
  { name: 'changedAt', meaning: 'step of the last change of η', unit: '' },
  { name: 'stepsSinceChange', meaning: 'steps since the last change of η', unit: 'steps' },
  { name: 'thresholdAtChange', meaning: '2/η before the last change', unit: '' },
  { name: 'sharpnessAtChange', meaning: 'sharpness at the last change', unit: '' },
];

export interface EdgeSeen {
  readonly learningRate: number;
  readonly losses: readonly number[];
  readonly sharpness: readonly { readonly step: number; readonly value: number }[];
  /** When η was changed, and what it was before. */
  readonly changes: readonly { readonly step: number; readonly before: number }[];
}

const recent = 100;

export function measureEdge({ learningRate, losses, sharpness, changes }: EdgeSeen): Measured {
  const step = losses.length;
  const threshold = 2 / learningRate;
  if (step === 0) return { learningRate, threshold };
  const last = sharpness[sharpness.length - 1]?.value ?? Number.NaN;
  const change = changes[changes.length - 1];
  let rises = 0;
  for (let i = Math.max(1, step - recent); i < step; i++) if (losses[i]! > losses[i - 1]!) rises++;
  return knownOnly({
    learningRate,
    threshold,
    step,
    loss: losses[step - 1],
    sharpness: last,
    overThreshold: last / threshold,
    rises,
    lossChange: step > recent ? losses[step - 1]! / losses[step - 1 - recent]! : Number.NaN,
    changes: changes.length,
    changedAt: change?.step,
    stepsSinceChange: change && step - change.step,
    thresholdAtChange: change && 2 / change.before,
    sharpnessAtChange: change && sharpness.filter((one) => one.step <= change.step).at(-1)?.value,
  });
}
