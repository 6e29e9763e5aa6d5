import '../../../support/float64-realm-first.ts';

import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { testLossesOnPoints } from './losses-on-points.ts';

testLossesOnPoints('cpu', () => useBackend('cpu'), 1e-13);
