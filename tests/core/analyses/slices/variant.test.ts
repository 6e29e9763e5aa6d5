import { expect, test } from 'vitest';
import { sliceDescriptor } from '../../../../core/analyses/slices/descriptor.ts';
import { variantOf } from '../../../../core/analyses/slices/variant.ts';
import { nameOfParameters } from '../../../../core/experiment/slice-name.ts';

test('what is asked by itself has no variant, however it is said', () => {
  const defaults = Object.fromEntries(
    sliceDescriptor.parameters.map((parameter) => [parameter.name, parameter.default]),
  );
  for (const given of [{}, defaults, { quantity: 'loss' }, { examples: null, extent: undefined }])
    expect(variantOf(given)).toBe('');
  expect(nameOfParameters({ plane: 'random', grid: '401' })).toBe('random');
});

test('the same question has the same name: on another grid, with quantities in another order, with defaults spelt out', () => {
  const asked = { quantity: 'error,gradient_norm', extent: '2', examples: 100 };
  const variant = variantOf(asked);
  expect(variant).toMatch(/^[0-9a-f]{8}$/);
  const same = [
    { ...asked, grid: '401', adaptive: 0.01, topology: true },
    { ...asked, quantity: 'gradient_norm, error' },
    { ...asked, quantity: 'loss,gradient_norm,error' },
    { examples: 100, extent: '2', quantity: 'error,gradient_norm', rise: 4 },
  ];
  for (const given of same) expect(variantOf(given)).toBe(variant);
});

test('other questions have other names, each from each', () => {
  const questions = [
    {},
    { extent: '2' },
    { extent: '-1:2' },
    { rise: 1 },
    { normalization: 'none' },
    { normalization: 'filter' },
    { biases: 'keep' },
    { biases: 'scale' },
    { gains: 'keep' },
    { removeScales: true },
    { quantity: 'error' },
    { quantity: 'error,index' },
    { quantity: 'lambda_max' },
    { examples: 100 },
    { examples: 10 },
    { uncertainty: true },
    { uncertainty: true, examples: 100 },
    // One parameter's value is not another's.
    { normalization: 'keep' },
  ];
  const names = questions.map((given) => nameOfParameters(given));
  expect(new Set(names).size).toBe(questions.length);
  for (const name of names) expect(name).toMatch(/^random(-[0-9a-f]{8})?$/);
});

test('is the 32-bit FNV-1a of what departs from the defaults', () => {
  // By the published definition in integers without bounds; offset basis and prime of Fowler, Noll, Vo.
  const hash = [...new TextEncoder().encode('[["extent","2"]]')].reduce(
    (value, byte) => ((value ^ BigInt(byte)) * 16777619n) % 2n ** 32n,
    2166136261n,
  );
  expect(variantOf({ extent: '2' })).toBe(hash.toString(16).padStart(8, '0'));
});
