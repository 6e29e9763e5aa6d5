import { it } from 'vitest';
import { readMutants } from '../../../support/loss-landscape/mutants.ts';

it('200 mutants of our files end in a value or a named error (2,000 in mutants.long.test.ts)', async () => {
  await readMutants(200, 5);
});
