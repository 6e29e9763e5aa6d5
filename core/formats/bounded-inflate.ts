import { Inflate } from 'fflate';
import { BadInput } from '../bad-input.ts';
import { FormatError } from './format-error.ts';
import { limits } from './limits.ts';

/** Deflate packs at most 1,032 : 1, so one push hands out at most 17 MB before the counter sees it. */
const pieceBytes = 16 * 1024;

/**
 * Unpacks a raw deflate stream into exactly `claimedBytes`. The claim is the attacker's: it is held against the limits
 * and against the packed size before memory is taken, and the true output is counted as it comes.
 */
export function boundedInflate(packed: Uint8Array, claimedBytes: number, place: string): Uint8Array<ArrayBuffer> {
  if (claimedBytes > limits.fileBytes) {
    throw new FormatError('file-too-large', `${place} claims to unpack to ${claimedBytes} bytes.`);
  }
  if (claimedBytes > Math.max(limits.inflationFreeBytes, limits.inflationRatio * packed.length)) {
    throw new FormatError(
      'inflation-ratio',
      `${place} claims ${claimedBytes} bytes from ${packed.length} packed ones.`,
    );
  }
  const out = new Uint8Array(claimedBytes);
  let filled = 0;
  const stream = new Inflate((piece) => {
    if (filled + piece.length > claimedBytes) {
      throw new FormatError('inflated-size', `${place} unpacks to more than the ${claimedBytes} bytes it claims.`);
    }
    out.set(piece, filled);
    filled += piece.length;
  });
  try {
    for (let at = 0; at === 0 || at < packed.length; at += pieceBytes) {
      stream.push(packed.subarray(at, at + pieceBytes), at + pieceBytes >= packed.length);
    }
  } catch (problem) {
    if (problem instanceof BadInput) throw problem;
    throw new FormatError('deflate-corrupt', `The compressed data of ${place} are damaged or cut.`);
  }
  if (filled !== claimedBytes) {
    throw new FormatError('inflated-size', `${place} unpacks to ${filled} bytes but claims ${claimedBytes}.`);
  }
  return out;
}
