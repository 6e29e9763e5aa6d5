import { testInSinglePrecision } from './model-cases-in-single-precision.ts';

testInSinglePrecision('cpu');
