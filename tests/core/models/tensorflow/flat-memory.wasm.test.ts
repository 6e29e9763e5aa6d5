import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { expectFlatMemory } from './flat-memory.ts';

expectFlatMemory('wasm', { start: () => useBackend('wasm') }, { products: 200, points: 20 });
