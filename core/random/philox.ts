import { BadInput } from '../bad-input.ts';
import type { Distribution, Random, RandomState } from './random.ts';

/**
 * Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
 * 1, 2, 3" (SC 2011): a keyed bijection of 128-bit counters, ten rounds of two 32 × 32 → 64 bit products. A stream is a
 * key of 64 bits; its words are the images of the counters 0, 1, 2 …, so 2¹³⁰ words a stream and any place reachable at
 * once. Only integer arithmetic: the same words on every machine.
 *
 * Draws: `uniform` takes two words, `rademacher` and (nearly always) `integer` one, two normals together four.
 * Normals are Box–Muller pairs, r cos φ and r sin φ with r = √(−2 ln u): logarithm, sine and cosine are the engine's own,
 * so normals agree across JavaScript engines to a few units in the last place, not promised to the last bit.
 *
 * `split(name)` hashes (key, name) with Philox itself: CBC-MAC over the UTF-16 code units of the name, eight a block,
 * behind a first block that holds their number and a tag no counter of a stream reaches; the first 64 bits of the result are the
 * new key. So distinct names give unrelated keys, whatever has been drawn; by the birthday bound 10⁶ streams of one
 * program share a key with probability 3·10⁻⁸.
 */

type Words2 = readonly [number, number];
type Words4 = readonly [number, number, number, number];

const multiplier0 = 0xd2511f53;
const multiplier1 = 0xcd9e8d57;
const weyl0 = 0x9e3779b9;
const weyl1 = 0xbb67ae85;
const splitTag = 0x53504c54;

/** The high 32 bits of a · b. */
function highProduct(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + (middle >>> 16) + (carry >>> 16)) >>> 0;
}

/** The ten rounds: writes the image of a counter under a key into `out` (four words). */
export function philoxBlock(counter: Words4 | Uint32Array, key: Words2 | Uint32Array, out: Uint32Array): void {
  let x0 = counter[0]!;
  let x1 = counter[1]!;
  let x2 = counter[2]!;
  let x3 = counter[3]!;
  let k0 = key[0]!;
  let k1 = key[1]!;
  for (let round = 0; round < 10; round++) {
    const high0 = highProduct(multiplier0, x0);
    const low0 = Math.imul(multiplier0, x0);
    const high1 = highProduct(multiplier1, x2);
    const low1 = Math.imul(multiplier1, x2);
    x0 = (high1 ^ x1 ^ k0) >>> 0;
    x1 = low1 >>> 0;
    x2 = (high0 ^ x3 ^ k1) >>> 0;
    x3 = low0 >>> 0;
    k0 = (k0 + weyl0) >>> 0;
    k1 = (k1 + weyl1) >>> 0;
  }
  out[0] = x0;
  out[1] = x1;
  out[2] = x2;
  out[3] = x3;
}

function splitKey(key: Uint32Array, name: string): Words2 {
  const chain = Uint32Array.of(name.length, 0, 0, splitTag);
  philoxBlock(chain, key, chain);
  for (let start = 0; start < name.length; start += 8) {
    for (let i = start; i < Math.min(start + 8, name.length); i++) {
      const place = i - start;
      chain[place >> 1]! ^= name.charCodeAt(i) << (16 * (place & 1));
    }
    philoxBlock(chain, key, chain);
  }
  return [chain[0]!, chain[1]!];
}

class Philox implements Random {
  private readonly key: Uint32Array;
  /** Of the block whose words are being used. */
  private readonly counter: Uint32Array;
  private readonly block = new Uint32Array(4);
  private used: number;
  private spareNormal: number | null;

  constructor(state: RandomState) {
    this.key = Uint32Array.from(state.key);
    this.counter = Uint32Array.from(state.counter);
    this.used = state.used;
    this.spareNormal = state.spareNormal;
    if (this.used > 0) philoxBlock(this.counter, this.key, this.block);
  }

  split(name: string): Random {
    return new Philox(freshState(splitKey(this.key, name)));
  }

  uniform(): number {
    const high = this.word() >>> 5;
    const low = this.word() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  normal(): number {
    const spare = this.spareNormal;
    if (spare !== null) {
      this.spareNormal = null;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  rademacher(): number {
    return this.word() >>> 31 === 0 ? 1 : -1;
  }

  /** By multiplication and rejection (Lemire, "Fast random integer generation in an interval", 2019). */
  integer(below: number): number {
    if (!Number.isInteger(below) || below < 1 || below > 4294967296) {
      throw new RangeError(`integer(below) needs an integer in 1…2³², not ${below}`);
    }
    if (below === 4294967296) return this.word();
    let word = this.word();
    let low = Math.imul(word, below) >>> 0;
    if (low < below) {
      const biased = (4294967296 - below) % below;
      while (low < biased) {
        word = this.word();
        low = Math.imul(word, below) >>> 0;
      }
    }
    return highProduct(word, below);
  }

  permutation(n: number): Int32Array {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const moved = order[i]!;
      order[i] = order[j]!;
      order[j] = moved;
    }
    return order;
  }

  /** Entry by entry the same draws as the single calls; `sphere` has no single call and fails only on an empty vector. */
  fill<T extends Float64Array | Float32Array>(out: T, distribution: Distribution): T {
    const n = out.length;
    if (distribution === 'rademacher') for (let i = 0; i < n; i++) out[i] = this.rademacher();
    else if (distribution === 'uniform') for (let i = 0; i < n; i++) out[i] = 2 * this.uniform() - 1;
    else for (let i = 0; i < n; i++) out[i] = this.normal();
    if (distribution === 'sphere') scaleToUnitLength(out);
    return out;
  }

  state(): RandomState {
    const { key, counter } = this;
    return {
      generator: 'philox4x32-10',
      key: [key[0]!, key[1]!],
      counter: [counter[0]!, counter[1]!, counter[2]!, counter[3]!],
      used: this.used,
      spareNormal: this.spareNormal,
    };
  }

  private word(): number {
    if (this.used === 4) {
      this.used = 0;
      this.advance();
    }
    if (this.used === 0) philoxBlock(this.counter, this.key, this.block);
    return this.block[this.used++]!;
  }

  private advance(): void {
    let i = 0;
    do this.counter[i] = (this.counter[i]! + 1) >>> 0;
    while (this.counter[i++] === 0 && i < 4);
  }
}

function scaleToUnitLength(x: Float64Array | Float32Array): void {
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += x[i]! * x[i]!;
  const factor = 1 / Math.sqrt(squares);
  for (let i = 0; i < x.length; i++) x[i]! *= factor;
}

function freshState(key: Words2): RandomState {
  return { generator: 'philox4x32-10', key, counter: [0, 0, 0, 0], used: 0, spareNormal: null };
}

/** The root stream of a seed: an integer in 0…2⁵³ − 1, which is the key. Anything else is BadInput. */
export function randomFromSeed(seed: number): Random {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new BadInput(
      `The seed ${seed} is not an integer from 0 to 9007199254740991.`,
      'Give one that is, such as 1.',
    );
  }
  return new Philox(freshState([seed % 4294967296, Math.floor(seed / 4294967296)]));
}

/** Continues a stream exactly where `state()` was taken. States come from files, so a malformed one is BadInput. */
export function restoreRandom(state: RandomState): Random {
  const isWord = (value: unknown) =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) < 4294967296;
  const areWords = (value: unknown, count: number) =>
    Array.isArray(value) && value.length === count && value.every(isWord);
  const usable =
    state.generator === 'philox4x32-10' &&
    areWords(state.key, 2) &&
    areWords(state.counter, 4) &&
    [0, 1, 2, 3, 4].includes(state.used) &&
    (state.spareNormal === null || Number.isFinite(state.spareNormal));
  if (!usable) {
    throw new BadInput(
      'The state of the random generator is not one of philox4x32-10.',
      'Resume from a file that this program wrote and nobody changed.',
    );
  }
  return new Philox(state);
}
