import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { testSlicesInSinglePrecision } from './slices-in-single-precision.ts';

testSlicesInSinglePrecision('wasm', () => useBackend('wasm'));
