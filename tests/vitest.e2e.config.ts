import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { enginesForTests } from './engines.mjs';

/** Suites that measure what the machine can do, or use the clipboard, of which there is one: one after the other. */
const alone = ['analyses', 'movie', 'page-speed', 'saddles', 'scene', 'security', 'training', 'volume-scene'].map(
  (name) => `tests/e2e/${name}.e2e.test.ts`,
);

/** The real window. */
export const usual = {
  root: fileURLToPath(new URL('..', import.meta.url)),
  env: enginesForTests,
  pool: 'forks',
  testTimeout: 120_000,
  hookTimeout: 120_000,
} as const;

/** Windows mostly wait, for animations, for processes, for each other's answer: two cores carry two of them. */
export default defineConfig({
  test: {
    ...usual,
    projects: [
      {
        test: {
          ...usual,
          name: 'side by side',
          include: ['tests/e2e/**/*.e2e.test.ts'],
          exclude: alone,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...usual,
          name: 'alone',
          include: alone,
          maxWorkers: 1,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
