import type { VectorSpace } from '../vector-space.ts';
import type { TurnedStep } from './qlp-rotations.ts';

/** The columns of V P that x still needs: x = x₋₂ + u₁ w₁ + u w, where x₋₂ and all before it are final. */
export interface QlpVectors<V> {
  /** Takes in vₖ, which stays the caller's. Cost: about 7 vector operations. */
  extend(v: V, step: TurnedStep): void;
  /** A new vector of the caller's. */
  solution(): V;
  release(): void;
}

export function qlpVectors<V>(space: VectorSpace<V>): QlpVectors<V> {
  let far = space.zeros();
  let w1 = space.zeros();
  let w = space.zeros();
  let u1 = 0;
  let u = 0;
  /** a x + b y, consuming both or neither of them. */
  const mixed = (a: number, x: V, b: number, y: V): V => space.addScaled(space.scale(space.copy(x), a), b, y);
  return {
    extend(v, step) {
      const { iteration, cr1, sr1, cr2, sr2 } = step;
      // P(k−2, k) on (w₂, vₖ), where w₂ is final from then on …
      const w2 = iteration > 2 ? mixed(cr2, w1, sr2, v) : null;
      const turned = iteration > 2 ? mixed(sr2, w1, -cr2, v) : space.scale(space.copy(v), 1);
      space.release(w1);
      if (w2 !== null) {
        far = space.addScaled(far, step.u2, w2);
        space.release(w2);
      }
      // … then P(k−1, k) on (w₁, that).
      if (iteration > 1) {
        w1 = mixed(cr1, w, sr1, turned);
        const last = mixed(sr1, w, -cr1, turned);
        space.release(w, turned);
        w = last;
      } else {
        space.release(w);
        w1 = space.zeros();
        w = turned;
      }
      u1 = step.u1;
      u = step.u;
    },
    solution: () => space.addScaled(space.addScaled(space.copy(far), u1, w1), u, w),
    release: () => space.release(far, w1, w),
  };
}
