import '../../../support/float64-realm-first.ts';

import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { describeCurvatureOperators } from './curvature-operators.ts';

// Models are made where the tests are described.
await useBackend('cpu');

describeCurvatureOperators(1e-13, [
  ['softmaxCrossEntropy', 'sum'],
  ['meanSquaredError', 'mean'],
  ['halfSquaredError', 'mean'],
]);
