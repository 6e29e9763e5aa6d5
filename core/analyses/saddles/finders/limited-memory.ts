import type { VectorSpace } from '../../../linalg/vector-space.ts';

/** The last steps s and changes of slope y of a minimisation, which stand for its inverse Hessian. */
export interface LimitedMemory<V> {
  isEmpty(): boolean;
  /** Consumes both. A pair without positive curvature ⟨s, y⟩ is not kept. */
  add(s: V, y: V): Promise<void>;
  /** −B⁻¹ slope by the two loops of Nocedal (1980), B₀⁻¹ = ⟨s, y⟩/⟨y, y⟩ of the last pair. Cost: 8 vector operations a pair. */
  direction(slope: V): Promise<V>;
  clear(): void;
}

interface Pair<V> {
  readonly s: V;
  readonly y: V;
  /** ⟨s, y⟩ */
  readonly sy: number;
  readonly yy: number;
}

/** Pairs with ⟨s, y⟩ below this share of ‖s‖‖y‖ say nothing but rounding. */
const leastCosine = 1e-10;

export function limitedMemory<V>(space: VectorSpace<V>, size: number): LimitedMemory<V> {
  let pairs: Pair<V>[] = [];
  return {
    isEmpty: () => pairs.length === 0,
    async add(s, y) {
      const [sy, yy] = (await space.dots([s, y], y)) as unknown as [number, number];
      const ss = (await space.dots([s], s))[0]!;
      if (!(sy > leastCosine * Math.sqrt(ss * yy))) {
        space.release(s, y);
        return;
      }
      pairs.push({ s, y, sy, yy });
      if (pairs.length > size) {
        const { s: oldStep, y: oldChange } = pairs.shift()!;
        space.release(oldStep, oldChange);
      }
    },
    async direction(slope) {
      let q = space.copy(slope);
      const shares: number[] = [];
      for (const { s, y, sy } of [...pairs].reverse()) {
        const share = (await space.dots([s], q))[0]! / sy;
        shares.unshift(share);
        q = space.addScaled(q, -share, y);
      }
      const { sy: lastSy, yy: lastYy } = pairs.at(-1)!;
      q = space.scale(q, lastSy / lastYy);
      for (const [i, { s, y, sy }] of pairs.entries()) {
        const back = (await space.dots([y], q))[0]! / sy;
        q = space.addScaled(q, shares[i]! - back, s);
      }
      return space.scale(q, -1);
    },
    clear() {
      for (const { s, y } of pairs) space.release(s, y);
      pairs = [];
    },
  };
}
