import '../../../../support/float64-realm-first.ts';

import { describe } from 'vitest';
import { nativeEngine, noNativeEngine } from '../../../../support/native-engine.ts';
import { testLowerings } from './lowerings-against-cpu.ts';

describe.skipIf(nativeEngine === null)(`on the TensorFlow library, in doubles (${noNativeEngine})`, () => {
  testLowerings(1e-13);
});
