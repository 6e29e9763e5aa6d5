import {
  findNativeEngine,
  loadNativeEngine,
  type NativeEngine,
  whyNoNativeEngine,
} from '../../electron/host/native-engine.ts';

/** The engine that is installed here, or null. */
export const nativeEngine: NativeEngine | null = findNativeEngine();

/** For the names of suites that are skipped. */
export const noNativeEngine = nativeEngine === null ? `skipped: ${whyNoNativeEngine()}` : 'with the installed engine';

/** The installed engine, opened in this thread. Only for suites that are skipped where there is none. */
export function nativeBinding() {
  if (nativeEngine === null) throw new Error(noNativeEngine);
  return loadNativeEngine(nativeEngine);
}
