/**
 * Where tests find the native engine. A folder of their own: an engine that `npm test` installs must not become that of
 * the user's window, and what the user has installed must not change what is tested.
 */
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache');

/** Engines for the suites that are about them. */
export const testEngines = process.env.SADDLESCOPE_TEST_ENGINES || path.join(cache, 'saddlescope', 'test-engines');

/** What all other suites see: no engine is ever installed here. */
export const noEngines = fileURLToPath(new URL('../node_modules/.cache/no-engines', import.meta.url));

/** The environment of a test runner. */
export const enginesForTests = { SADDLESCOPE_ENGINES: noEngines, SADDLESCOPE_TEST_ENGINES: testEngines };
