import { getBackend } from '@tensorflow/tfjs-core';
import { isFloat64Realm } from './float64-realm.ts';

const details = new Map<string, string>();

/** Says what a backend computes on, for results to tell: a GPU by its name, and whether it is a program. */
export function nameEngine(backend: string, detail: string): void {
  details.set(backend, detail);
}

/** The backend of this realm as results name it: `wasm`, `cpu (float64)`, `webgpu (SwiftShader, software)`. */
export function engineName(): string {
  const backend = getBackend();
  const said = [details.get(backend), isFloat64Realm() ? 'float64' : undefined].filter((part) => part !== undefined);
  return said.length === 0 ? backend : `${backend} (${said.join(', ')})`;
}
