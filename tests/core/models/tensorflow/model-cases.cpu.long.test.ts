import { testInSinglePrecision } from './model-cases-in-single-precision.ts';

// The whole table; the ordinary suite runs every kernel once.
testInSinglePrecision('cpu');
