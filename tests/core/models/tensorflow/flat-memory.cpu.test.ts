import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { expectFlatMemory } from './flat-memory.ts';

expectFlatMemory('cpu', { start: () => useBackend('cpu') }, { products: 200, points: 20 });
