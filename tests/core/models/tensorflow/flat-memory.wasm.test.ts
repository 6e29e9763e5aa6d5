import { expectFlatMemory } from './flat-memory.ts';

expectFlatMemory('wasm', { products: 200, points: 20 });
