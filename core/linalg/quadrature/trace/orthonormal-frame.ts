import { machineEpsilon } from '../../precision.ts';
import type { VectorSpace } from '../../vector-space.ts';

export interface FrameExtension {
  /** Coefficients of the vector on the frame before, then its length outside of it: a column of R in Y = Q R. */
  readonly column: Float64Array;
  /** False where nothing but rounding was left; the frame is then as it was. */
  readonly independent: boolean;
}

/**
 * Appends the part of `vector` (consumed) that is orthogonal to the orthonormal frame, by classical Gram–Schmidt in a
 * block, twice (Giraud, Langou, Rozložník and van den Eshof 2005: twice is enough), which leaves QᵀQ = I to rounding.
 * Cost: 8 k p operations.
 */
export async function extendFrame<V>(space: VectorSpace<V>, frame: V[], vector: V): Promise<FrameExtension> {
  const k = frame.length;
  const length = Math.sqrt((await space.dots([vector], vector))[0]!);
  const column = new Float64Array(k + 1);
  let rest = vector;
  for (let pass = 0; pass < 2; pass++) {
    const products = await space.dots(frame, rest);
    rest = space.combine(
      frame,
      products.map((product) => -product),
      rest,
    );
    for (let i = 0; i < k; i++) column[i] = column[i]! + products[i]!;
  }
  const left = Math.sqrt((await space.dots([rest], rest))[0]!);
  column[k] = left;
  if (!(left > 64 * machineEpsilon(space.precision) * length)) {
    space.release(rest);
    return { column, independent: false };
  }
  const unit = space.scale(rest, 1 / left);
  frame.push(await cleaned(space, frame, unit));
  return { column, independent: true };
}

/** What is left of a vector almost in the frame is short, and its rounding long: once more at unit length. */
async function cleaned<V>(space: VectorSpace<V>, frame: readonly V[], unit: V): Promise<V> {
  const products = await space.dots(frame, unit);
  const clean = space.combine(
    frame,
    products.map((product) => -product),
    unit,
  );
  const length = Math.sqrt((await space.dots([clean], clean))[0]!);
  return space.scale(clean, 1 / length);
}
