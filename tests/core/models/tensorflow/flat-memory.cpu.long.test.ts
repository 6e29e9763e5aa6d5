import { expectFlatMemory } from './flat-memory.ts';

expectFlatMemory('cpu', { products: 2000, points: 200 });
