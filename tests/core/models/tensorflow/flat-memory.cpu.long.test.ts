import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { expectFlatMemory } from './flat-memory.ts';

expectFlatMemory('cpu', { start: () => useBackend('cpu') }, { products: 2000, points: 200 });
