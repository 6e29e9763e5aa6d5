import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { expectLargeTheta } from './large-theta.ts';

expectLargeTheta('wasm', () => useBackend('wasm'));
