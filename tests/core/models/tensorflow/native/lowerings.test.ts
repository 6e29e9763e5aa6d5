import { getKernelsForBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { useBackend } from '../../../../../core/models/tensorflow/backend.ts';
import { lowerings } from '../../../../../core/models/tensorflow/native/lowerings.ts';
import { nativeEngine, noNativeEngine } from '../../../../support/native-engine.ts';
import { loweringCases } from './lowering-cases.ts';
import { testLowerings } from './lowerings-against-cpu.ts';

/** Kernels of the cpu backend that the native one goes without, by the reason. */
const without: Readonly<Record<string, readonly string[]>> = {
  'complex numbers are no parameters': ['Complex', 'ComplexAbs', 'FFT', 'IFFT', 'Imag', 'Real'],
  'strings are no numbers': ['StaticRegexReplace', 'StringNGrams', 'StringSplit', 'StringToHashBucketFast'],
  'the shape of the result depends on values': [
    'NonMaxSuppressionV3',
    'NonMaxSuppressionV4',
    'NonMaxSuppressionV5',
    'RaggedGather',
    'RaggedRange',
    'RaggedTensorToTensor',
    'SparseFillEmptyRows',
    'SparseReshape',
    'SparseSegmentMean',
    'SparseSegmentSum',
    'Unique',
  ],
  'changes of pictures that no layer makes, or that are rewritten before they reach a backend': [
    'CropAndResize',
    'Draw',
    'RotateWithOffset',
    'Transform',
  ],
};

describe('the table of lowerings', () => {
  beforeAll(() => useBackend('cpu'));

  test('it has every kernel of the cpu backend but those that are left out for a reason', () => {
    const leftOut = new Set(Object.values(without).flat());
    const missing = getKernelsForBackend('cpu')
      .map(({ kernelName }) => kernelName)
      .filter((name) => !Object.hasOwn(lowerings, name));
    expect(missing.sort()).toEqual([...leftOut].sort());
  });

  test('every lowering is tested', () => {
    const tested = new Set(loweringCases.map(({ kernel }) => kernel));
    expect(Object.keys(lowerings).filter((name) => !tested.has(name))).toEqual([]);
  });
});

describe.skipIf(nativeEngine === null)(`on the TensorFlow library (${noNativeEngine})`, () => {
  // Against another computation in single precision.
  testLowerings(2e-6);
});
