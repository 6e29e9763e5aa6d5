import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { testLossesOnPoints } from './losses-on-points.ts';

testLossesOnPoints('wasm', () => useBackend('wasm'), 1e-6);
