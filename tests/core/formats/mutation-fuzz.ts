import type { Random } from '../../../core/random/random.ts';

/** Numbers that lengths, counts and types go wrong at, in the widths that formats use. */
const magicNumbers: readonly (readonly number[])[] = [
  [0],
  [1],
  [0x7f],
  [0x80],
  [0xff],
  [0xff, 0xff],
  [0x00, 0x80],
  [0xff, 0xff, 0xff, 0x7f],
  [0x00, 0x00, 0x00, 0x80],
  [0xff, 0xff, 0xff, 0xff],
  [0x00, 0x00, 0x00, 0x00],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f, 0x00],
  [0, 0, 0, 0, 0, 0, 0, 0x80],
];

type Edit = (bytes: Uint8Array, rng: Random, others: readonly Uint8Array[]) => Uint8Array;

const overwrite: Edit = (bytes, rng) => {
  const copy = bytes.slice();
  const values = magicNumbers[rng.integer(magicNumbers.length)]!;
  const at = rng.integer(copy.length);
  copy.set(values.slice(0, copy.length - at), at);
  return copy;
};

const flipBits: Edit = (bytes, rng) => {
  const copy = bytes.slice();
  for (let n = 1 + rng.integer(4); n > 0; n--) copy[rng.integer(copy.length)]! ^= 1 << rng.integer(8);
  return copy;
};

const truncate: Edit = (bytes, rng) => bytes.slice(0, rng.integer(bytes.length));

/** A piece of the same or another seed put in, or in the place of what was there. */
const splice: Edit = (bytes, rng, others) => {
  const donor = others[rng.integer(others.length)]!;
  const from = rng.integer(donor.length);
  const piece = donor.subarray(from, from + 1 + rng.integer(32));
  const at = rng.integer(bytes.length);
  const rest = bytes.subarray(at + (rng.uniform() < 0.5 ? piece.length : 0));
  return Uint8Array.from([...bytes.subarray(0, at), ...piece, ...rest]);
};

const remove: Edit = (bytes, rng) => {
  const at = rng.integer(bytes.length);
  const count = 1 + rng.integer(16);
  return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + count)]);
};

/** Lengths and counts are small numbers: nudging a byte by one keeps the file plausible. */
const nudge: Edit = (bytes, rng) => {
  const copy = bytes.slice();
  copy[rng.integer(copy.length)]! += rng.rademacher();
  return copy;
};

const edits: readonly Edit[] = [overwrite, flipBits, truncate, splice, remove, nudge, nudge];

/** A file one to three edits away from a seed. */
export function mutant(seeds: readonly Uint8Array[], rng: Random): Uint8Array {
  let bytes = seeds[rng.integer(seeds.length)]!;
  for (let n = 1 + rng.integer(3); n > 0 && bytes.length > 0; n--)
    bytes = edits[rng.integer(edits.length)]!(bytes, rng, seeds);
  return bytes;
}
