import { defineConfig } from 'vitest/config';
import { usual } from './vitest.e2e.config.ts';

/** What takes minutes: memory over a long training. */
export default defineConfig({
  test: {
    ...usual,
    include: ['tests/e2e/**/*.e2e.long.test.ts'],
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 1_800_000,
  },
});
