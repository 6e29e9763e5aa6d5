import { float64TanhWasm } from './float64-tanh.wasm.ts';
import { hostArena } from './host-arena.ts';

interface Workspace {
  /** tanh in place over whole pairs of numbers; addresses in bytes. */
  tanh(at: number, end: number): void;
  readonly pair: Float64Array;
}

let shared: Workspace | undefined;

function workspace(): Workspace {
  if (shared) return shared;
  const arena = hostArena();
  const bytes = Uint8Array.from(atob(float64TanhWasm), (letter) => letter.charCodeAt(0));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { arena: { memory: arena.memory } });
  const { tanh } = instance.exports as unknown as Pick<Workspace, 'tanh'>;
  shared = { tanh, pair: new Float64Array(arena.memory.buffer, arena.allocate(16), 2) };
  return shared;
}

/**
 * z becomes tanh z with a relative error below 6e-16 (measured 5.1e-16). Numbers in the arena take about 5 ns each, others
 * the 16 ns of `Math.tanh`, whose last bits may differ.
 */
export function tanhInPlace(z: Float64Array): void {
  const at = hostArena().addressOf(z);
  if (at < 0) {
    for (let i = 0; i < z.length; i++) z[i] = Math.tanh(z[i]!);
    return;
  }
  const { tanh, pair } = workspace();
  const whole = z.length - (z.length % 2);
  if (whole > 0) tanh(at, at + whole * 8);
  if (whole === z.length) return;
  pair[0] = z[whole]!;
  tanh(pair.byteOffset, pair.byteOffset + 16);
  z[whole] = pair[0]!;
}
