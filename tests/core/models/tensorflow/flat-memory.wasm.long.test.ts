import { expectFlatMemory } from './flat-memory.ts';

expectFlatMemory('wasm', { products: 2000, points: 200 });
