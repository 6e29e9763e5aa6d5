import { norm } from '../../../linalg/spaces/host-products.ts';

/** v / ‖v‖, safe from underflow and overflow of ‖v‖²; null for zero and for what is not finite. */
export function unitVector(vector: Float64Array): Float64Array | null {
  let largest = 0;
  for (const x of vector) {
    if (!Number.isFinite(x)) return null;
    largest = Math.max(largest, Math.abs(x));
  }
  if (largest === 0) return null;
  const unit = vector.map((x) => x / largest);
  const length = norm(unit);
  for (let i = 0; i < unit.length; i++) unit[i]! /= length;
  return unit;
}
