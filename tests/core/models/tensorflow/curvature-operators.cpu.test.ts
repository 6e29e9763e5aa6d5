import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { describeCurvatureOperators } from './curvature-operators.ts';

// Models are made where the tests are described.
await useBackend('cpu');

describeCurvatureOperators(3e-6, [['softmaxCrossEntropy', 'mean']]);
