import { describe, expect, test } from 'vitest';
import { sliceDescriptor } from '../../../../core/analyses/slices/descriptor.ts';
import { spectrumDescriptor } from '../../../../core/analyses/spectrum/descriptor.ts';
import { layersAndBlocks, toggledName } from '../../../../renderer/panels/analysis/blocks-field.tsx';
import { parameterGroups } from '../../../../renderer/panels/analysis/groups.ts';
import { choiceTitle, defaultParameters, type Values } from '../../../../renderer/panels/analysis/parameters.ts';

const names = (values: Values) =>
  parameterGroups(spectrumDescriptor, { ...defaultParameters(spectrumDescriptor), ...values }).flatMap(
    ({ parameters }) => parameters.map(({ name }) => name),
  );

describe('the groups of a form', () => {
  test('have every parameter exactly once where everything is switched on', () => {
    const all = names({
      density: true,
      trace: true,
      layers: true,
      operator: 'fisherMonteCarlo',
      method: 'blockLanczos',
    });
    expect([...all].sort()).toEqual(spectrumDescriptor.parameters.map(({ name }) => name).sort());
  });

  test('leave out what has no effect', () => {
    const few = names({});
    for (const idle of ['densityProbes', 'kernelWidth', 'traceTol', 'layerProbes', 'samples', 'blockSize'])
      expect(few).not.toContain(idle);
    expect(names({ method: 'lobpcg' })).toContain('blockSize');
    expect(names({ operator: 'fisherMonteCarlo' })).toContain('samples');
  });

  test('of another analysis are its parameters and its limits', () => {
    const groups = parameterGroups(sliceDescriptor, defaultParameters(sliceDescriptor));
    expect(groups.flatMap(({ parameters }) => parameters)).toHaveLength(sliceDescriptor.parameters.length);
  });
});

test('every choice of the spectrum has a name for people', () => {
  for (const declaration of spectrumDescriptor.parameters)
    if (declaration.type === 'choice')
      for (const choice of declaration.choices) expect(choiceTitle(choice), choice).not.toBe(choice);
});

test('blocks are put into the list and taken out of it', () => {
  const offered = layersAndBlocks(['dense_1/kernel', 'dense_1/bias', 'dense_2/kernel']);
  expect(offered).toEqual(['dense_1', 'dense_2', 'dense_1/kernel', 'dense_1/bias', 'dense_2/kernel']);
  expect(toggledName(null, 'dense_1')).toBe('dense_1');
  expect(toggledName('dense_1,dense_2', 'dense_1')).toBe('dense_2');
  expect(toggledName('dense_1', 'dense_1')).toBeNull();
  expect(toggledName('dense_1', 'dense_2/kernel')).toBe('dense_1, dense_2/kernel');
});
