import { BadInput } from '../bad-input.ts';
import type { AnyDataset, Targets } from '../data/dataset.ts';

/** Whether target values are one whole number from 0 on an example: labels, it may be, that were stored as floats. */
export function areWholeNumbers(targets: Targets): boolean {
  if (targets.kind !== 'values' || targets.width !== 1) return false;
  return targets.values.every((value: number) => Number.isSafeInteger(value) && value >= 0);
}

const asLabels = 'If these whole numbers are labels that were stored as floats, say that the targets are classes';

/** Cross-entropy on values: what is wrong, with labels of the wrong type told apart from true values. */
export function valuesUnderCrossEntropy({ name, targets }: Pick<AnyDataset, 'name' | 'targets'>): BadInput {
  return new BadInput(
    `Cross-entropy needs classes, but the targets of ${name} are values.`,
    areWholeNumbers(targets)
      ? `${asLabels} or store them as integers; else use halfSquaredError or meanSquaredError.`
      : 'Use halfSquaredError or meanSquaredError.',
  );
}

/** A last layer of another width than the targets, with labels of the wrong type told apart. */
export function otherWidth({ name, targets }: Pick<AnyDataset, 'name' | 'targets'>, outputs: number): BadInput {
  const [width, what] =
    targets.kind === 'classes' ? [targets.classes, 'classes'] : [targets.width, 'target values an example'];
  return new BadInput(
    `The model has ${outputs} outputs, but ${name} has ${width} ${what}.`,
    areWholeNumbers(targets)
      ? `${asLabels} or store them as integers; else give the last layer 1 unit.`
      : `Give the last layer ${width} ${width === 1 ? 'unit' : 'units'}.`,
  );
}
