import type { Field } from './grid.ts';

/**
 * The points with a finite value, by value and then by number. A radix sort of the 64 bits of each value, 16 at a time:
 * stable, O(n), several times as fast as comparing from 200² points on. −0 counts as 0.
 */
export function risingPoints({ values, computed }: Field): Uint32Array {
  const finite = (point: number) => computed[point] === 1 && Number.isFinite(values[point]!);
  let count = 0;
  for (let point = 0; point < values.length; point++) if (finite(point)) count++;
  const points = new Uint32Array(count);
  const keys = new Float64Array(count);
  let n = 0;
  for (let point = 0; point < values.length; point++)
    if (finite(point)) {
      keys[n] = values[point]! + 0;
      points[n++] = point;
    }
  const words = new Uint16Array(keys.buffer);
  // The order of bits is that of values once the sign is flipped, and all bits of what is negative.
  for (let i = 0; i < count; i++) {
    const negative = words[4 * i + 3]! >> 15 === 1;
    for (let word = 0; word < 4; word++)
      words[4 * i + word] = words[4 * i + word]! ^ (negative ? 0xffff : word === 3 ? 0x8000 : 0);
  }
  let from = new Uint32Array(count);
  for (let i = 0; i < count; i++) from[i] = i;
  let to = new Uint32Array(count);
  const starts = new Uint32Array(65536 + 1);
  for (let word = 0; word < 4; word++) {
    starts.fill(0);
    for (let i = 0; i < count; i++) starts[words[4 * i + word]! + 1]!++;
    for (let digit = 0; digit < 65536; digit++) starts[digit + 1]! += starts[digit]!;
    for (let i = 0; i < count; i++) {
      const at = from[i]!;
      to[starts[words[4 * at + word]!]!++] = at;
    }
    [from, to] = [to, from];
  }
  return from.map((at) => points[at]!);
}
