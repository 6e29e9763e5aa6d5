import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { testInSinglePrecision } from './model-cases-in-single-precision.ts';
import { modelCasesOfEveryKernel } from './model-cases-of-every-kernel.ts';

// The same code runs the whole table in double precision; here, where only rounding is another, every kernel once.
testInSinglePrecision('cpu', () => useBackend('cpu'), 1e-6, modelCasesOfEveryKernel);
