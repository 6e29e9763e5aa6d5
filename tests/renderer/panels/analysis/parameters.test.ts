import { describe, expect, test } from 'vitest';
import { analyses } from '../../../../core/analyses/index.ts';
import { readParameters } from '../../../../core/analyses/read-parameters.ts';
import { sliceDescriptor } from '../../../../core/analyses/slices/descriptor.ts';
import { spectrumDescriptor } from '../../../../core/analyses/spectrum/descriptor.ts';
import { analysisOptions, givenParameters } from '../../../../electron/cli/analysis-options.ts';
import { readArguments } from '../../../../electron/cli/arguments.ts';
import { costText } from '../../../../renderer/panels/analysis/cost-text.ts';
import { offeredCheckpoints } from '../../../../renderer/panels/analysis/offered-checkpoints.ts';
import {
  analysisCommand,
  defaultParameters,
  givenValues,
  problemOf,
  switchOf,
  type Values,
} from '../../../../renderer/panels/analysis/parameters.ts';

describe('the command of a form', () => {
  test.each<[string, (typeof analyses)[number], Values]>([
    ['spectrum', spectrumDescriptor, { top: 5, density: true, densityProbes: 3, residualTol: 1e-6 }],
    ['spectrum as it is by itself', spectrumDescriptor, {}],
    ['slice', sliceDescriptor, { plane: 'eigen', grid: '33', extent: '0.5', biases: 'keep' }],
  ])('%s: the command line reads back what the form says', (_, descriptor, changed) => {
    const values = { ...defaultParameters(descriptor), ...changed };
    const [program, name, ...words] = analysisCommand(descriptor, 'run', 150, values).split(' ');
    expect([program, name]).toEqual(['saddlescope', descriptor.id]);
    const at = { name: 'at', value: 'STEP', help: '' };
    const command = {
      name: descriptor.id,
      operands: ['RUN'],
      summary: '',
      options: [at, ...analysisOptions(descriptor)],
    };
    const read = readArguments(command, words);
    expect(read.operands).toEqual(['run']);
    expect(read.text('at')).toBe('150');
    // What the command line would compute with is what the form would compute with.
    const fromCommand = readParameters(descriptor.parameters, givenParameters(descriptor, read));
    expect(fromCommand).toEqual(readParameters(descriptor.parameters, givenValues(descriptor, values)));
  });
});

describe('values of a form', () => {
  test('are refused where the analysis refuses them', () => {
    for (const descriptor of analyses)
      for (const declaration of descriptor.parameters) {
        if (declaration.type !== 'integer' && declaration.type !== 'number') continue;
        const { name, minimum, maximum } = declaration;
        for (const value of [minimum, maximum, minimum - 1, maximum * 2 + 1, minimum + 0.5]) {
          const accepts = () => readParameters(descriptor.parameters, { [name]: value });
          if (problemOf(declaration, value) === null) expect(accepts, `${name} ${value}`).not.toThrow();
          else expect(accepts, `${name} ${value}`).toThrow();
        }
      }
  });

  test('belong to the switch that their name begins with', () => {
    expect(switchOf(spectrumDescriptor, 'densityProbes')).toBe('density');
    expect(switchOf(spectrumDescriptor, 'traceTol')).toBe('trace');
    expect(switchOf(spectrumDescriptor, 'density')).toBeNull();
    expect(switchOf(spectrumDescriptor, 'top')).toBeNull();
  });
});

test.each([
  [{ products: 40, gradients: 1, losses: 0 }, '40 products and 1 gradient'],
  [{ products: 30, gradients: 1, losses: 2402 }, '30 products, 1 gradient and 2\u202f402 losses'],
  [{ products: 0, gradients: 0, losses: 1 }, '1 loss'],
])('a cost is told as %#', (cost, text) => expect(costText(cost)).toBe(text));

test('checkpoints around the cursor are offered, and both ends', () => {
  const every50 = Array.from({ length: 41 }, (_, i) => 50 * i);
  expect(offeredCheckpoints(every50, 1010)).toEqual([0, 850, 900, 950, 1000, 1050, 1100, 1150, 1200, 2000]);
  expect(offeredCheckpoints([0], 7)).toEqual([0]);
});
