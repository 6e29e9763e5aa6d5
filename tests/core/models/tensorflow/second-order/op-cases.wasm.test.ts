import { testInSinglePrecision } from './op-cases-in-single-precision.ts';

testInSinglePrecision('wasm');
