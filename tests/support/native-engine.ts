import {
  findNativeEngine,
  loadNativeEngine,
  type NativeEngine,
  whyNoNativeEngine,
} from '../../electron/host/native-engine.ts';

// What this file opens, and the processes that it starts, see the engine of the tests.
process.env.SADDLESCOPE_ENGINES = process.env.SADDLESCOPE_TEST_ENGINES;

/** The engine that is installed for tests, or null. */
export const nativeEngine: NativeEngine | null = findNativeEngine();

/** For the names of suites that are skipped. */
export const noNativeEngine = nativeEngine === null ? `skipped: ${whyNoNativeEngine()}` : 'with the installed engine';

/** The installed engine, opened in this thread. Only for suites that are skipped where there is none. */
export function nativeBinding() {
  if (nativeEngine === null) throw new Error(noNativeEngine);
  return loadNativeEngine(nativeEngine);
}
