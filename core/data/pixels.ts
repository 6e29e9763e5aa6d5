/** byte/255 in float32: the same 256 numbers in both precisions. */
const intensities = Float32Array.from({ length: 256 }, (_, byte) => Math.fround(byte / 255));

/** Ink or light intensities 0 … 1 of bytes 0 … 255, each the float32 number nearest to byte/255. */
export function intensitiesOf(bytes: Uint8Array): Float32Array {
  const out = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) out[i] = intensities[bytes[i]!]!;
  return out;
}
