import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { enginesForTests } from './engines.mjs';

/** The real window: one file after the other, because each measures what the machine can do. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['tests/e2e/**/*.e2e.test.ts'],
    env: enginesForTests,
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
