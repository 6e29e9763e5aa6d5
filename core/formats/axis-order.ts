/**
 * The elements of an array whose last index varies fastest (NumPy), with the first index varying fastest instead: element
 * (i, j, k) goes to i + n₀(j + n₁k).
 */
export function firstIndexFastest(data: ArrayLike<number>, shape: readonly number[]): Float64Array {
  return reordered(data, shape, (out, from, to) => {
    out[to] = Number(data[from]);
  });
}

/** The inverse: element i + n₀(j + n₁k) goes to (i, j, k) of an array whose last index varies fastest. */
export function lastIndexFastest(data: ArrayLike<number>, shape: readonly number[]): Float64Array {
  return reordered(data, shape, (out, from, to) => {
    out[from] = Number(data[to]);
  });
}

/** Visits the elements in NumPy's order, and tells where each lies when the first index varies fastest. */
function reordered(
  data: ArrayLike<number>,
  shape: readonly number[],
  put: (out: Float64Array, from: number, to: number) => void,
): Float64Array {
  const out = new Float64Array(data.length);
  const place = new Array<number>(shape.length).fill(0);
  for (let from = 0; from < out.length; from++) {
    put(
      out,
      from,
      shape.reduceRight((point, length, axis) => point * length + place[axis]!, 0),
    );
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place[axis]! += 1;
      if (place[axis]! < shape[axis]!) break;
      place[axis] = 0;
    }
  }
  return out;
}
