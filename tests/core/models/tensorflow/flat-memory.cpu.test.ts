import { expectFlatMemory } from './flat-memory.ts';

expectFlatMemory('cpu', { products: 200, points: 20 });
