import { expect, test } from 'vitest';
import type { Dataset } from '../../../core/data/dataset.ts';
import { datasetFromFile } from '../../../core/data/dataset-from-file.ts';
import { mlpObjective } from '../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../core/models/closed-form/mlp-description.ts';
import { useBackend } from '../../../core/models/tensorflow/backend.ts';
import { modelFromSpecification } from '../../../core/models/tensorflow/model-from-specification.ts';
import { tensorflowObjective } from '../../../core/models/tensorflow/tensorflow-objective.ts';
import type { LossName } from '../../../core/objective/loss-convention.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';

const dataset = (values: readonly number[]): Dataset => ({
  name: 'digits.npz',
  examples: values.length,
  inputShape: [2],
  inputs: Float64Array.from({ length: 2 * values.length }, (_, i) => i),
  targets: { kind: 'values', width: 1, values: Float32Array.from(values) },
  source: 'written for a test',
});

const labels = dataset([0, 2, 1, 2]);
const measurements = dataset([0.5, 2, 1, 2]);
const engines: readonly [string, (data: Dataset, loss: LossName) => Promise<unknown>][] = [
  ['closed form', async (data, loss) => mlpObjective(mlpFromWidths([2, 3], 'tanh'), { data, loss })],
  [
    'cpu',
    async (data, loss) => {
      await useBackend('cpu');
      const specification = { layers: [{ type: 'dense', options: { units: 3 } }] };
      const model = modelFromSpecification(specification, [2], randomFromSeed(1));
      return tensorflowObjective({ model, data, loss, space: 'host' });
    },
  ],
];

test.each(engines)(
  '%s: labels that were stored as floats are refused, and what to do is said',
  async (_, objectiveOn) => {
    await expect(objectiveOn(labels, 'softmaxCrossEntropy')).rejects.toThrow(
      'Cross-entropy needs classes, but the targets of digits.npz are values. If these whole numbers are labels that were stored as floats, say that the targets are classes or store them as integers',
    );
    await expect(objectiveOn(labels, 'halfSquaredError')).rejects.toThrow(
      'The model has 3 outputs, but digits.npz has 1 target values an example. If these whole numbers are labels',
    );
  },
);

test.each(engines)('%s: values that are no class numbers are not taken for labels', async (_, objectiveOn) => {
  await expect(objectiveOn(measurements, 'softmaxCrossEntropy')).rejects.toThrow(
    'are values. Use halfSquaredError or meanSquaredError.',
  );
  await expect(objectiveOn(measurements, 'halfSquaredError')).rejects.toThrow('Give the last layer 1 unit.');
});

test('a column of a table that holds other numbers than classes is values, or refused where classes are meant', () => {
  const bytes = new TextEncoder().encode('a,label\n1,0\n2,1.5\n');
  expect(datasetFromFile('table.csv', bytes).targets.kind).toBe('values');
  expect(() => datasetFromFile('table.csv', bytes, { targets: 'classes' })).toThrow('is 1.5, no class from 0 to 1');
});
