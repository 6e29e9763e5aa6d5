import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { enginesForTests } from './engines.mjs';

/** Two cores: two worker processes; every file in a realm of its own, because tfjs keeps one engine per realm. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['tests/**/*.test.{ts,tsx}'],
    exclude: ['tests/**/*.long.test.ts', 'tests/e2e/**', 'node_modules/**'],
    env: enginesForTests,
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
