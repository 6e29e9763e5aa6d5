import { defineConfig } from 'vitest/config';
import usual from './vitest.config.ts';

/** The long suites: hours of machine time are not asked of everyone; their figures stand in the README. */
export default defineConfig({
  ...usual,
  test: {
    ...usual.test,
    include: ['tests/**/*.long.test.ts'],
    exclude: ['tests/e2e/**', 'node_modules/**'],
    testTimeout: 1_800_000,
  },
});
