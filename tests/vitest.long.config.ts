import { defineConfig, mergeConfig } from 'vitest/config';
import usual from './vitest.config.ts';

/** The long suites: hours of machine time are not asked of everyone; their figures stand in the README. */
export default mergeConfig(
  usual,
  defineConfig({ test: { include: ['tests/**/*.long.test.ts'], testTimeout: 1_800_000 } }),
);
