import {
  add,
  matMul,
  mul,
  pad,
  reshape,
  stack,
  sum,
  type Tensor,
  type Tensor1D,
  tensor1d,
  tensor2d,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core';
import type { HostVector, VectorSpace } from '../../linalg/vector-space.ts';

/** A vector held by the tensor backend. Tensors are immutable: what "consumes" a vector frees it and makes another. */
export type TensorVector = Tensor1D;

/** Products that are added in float32 before float64 takes over: a plain float32 sum of p terms errs by about √p ε. */
const blockLength = 256;

/** A new tensor from host values; copied, because the cpu backend would keep a view of the caller's array. */
export function uploadVector(values: HostVector): Tensor1D {
  return tensor1d(Float32Array.from(values));
}

/** Sums over blocks of a vector of products, one column a block: [k, p] → [k, ⌈p/block⌉]. */
function blockSums(products: Tensor, rows: number, dim: number): Tensor {
  const blocks = Math.ceil(dim / blockLength);
  const missing = blocks * blockLength - dim;
  const whole =
    missing === 0
      ? products
      : pad(reshape(products, [rows, dim]), [
          [0, 0],
          [0, missing],
        ]);
  return sum(reshape(whole, [rows, blocks, blockLength]), 2);
}

/**
 * ℝ^dim as float32 tensors on the current backend. Dot products are summed in blocks of 256 products in float32, the
 * blocks in float64 on the host, so that only p/256 numbers leave the device.
 */
export function tensorSpace(dim: number): VectorSpace<TensorVector> {
  function checked(x: TensorVector): TensorVector {
    if (x.size !== dim) throw new RangeError(`A vector of length ${x.size} is not in a space of dimension ${dim}.`);
    return x;
  }

  function consume(result: TensorVector, ...used: TensorVector[]): TensorVector {
    for (const vector of used) vector.dispose();
    return result;
  }

  return {
    dim,
    precision: 'float32',
    zeros: () => zeros([dim]),
    // Not clone(): clones share their data, and a vector of its own must survive whatever is done to the first.
    copy: (x) => add(checked(x), 0),
    release(...xs) {
      for (const x of xs) x.dispose();
    },
    fromHost(x) {
      if (x.length !== dim) throw new RangeError(`${x.length} numbers are no vector of dimension ${dim}.`);
      return uploadVector(x);
    },
    async toHost(x) {
      return new Float64Array(await checked(x).data());
    },
    random: (rng, distribution) => uploadVector(rng.fill(new Float64Array(dim), distribution)),
    addScaled: (y, a, x) =>
      consume(
        tidy(() => add(y, mul(x, a))),
        y,
      ),
    scale: (x, a) => consume(mul(x, a), x),
    async dots(basis, x) {
      const out = new Float64Array(basis.length);
      const sums = tidy(() => basis.map((vector) => blockSums(mul(checked(vector), x), 1, dim)));
      const read = await Promise.all(sums.map((tensor) => tensor.data()));
      for (const tensor of sums) tensor.dispose();
      read.forEach((blocks, k) => {
        let total = 0;
        for (const block of blocks) total += block;
        out[k] = total;
      });
      return out;
    },
    combine(basis, c, onto) {
      if (c.length !== basis.length) throw new RangeError(`${c.length} coefficients for ${basis.length} vectors.`);
      const result = tidy(() => {
        if (basis.length === 0) return onto ? add(onto, 0) : zeros([dim]);
        const rows = basis.map(checked);
        const weights = tensor2d(Float32Array.from(c), [1, c.length]);
        const combined = reshape(matMul(weights, stack(rows)), [dim]);
        return onto ? add(onto, combined) : combined;
      }) as TensorVector;
      return onto ? consume(result, onto) : result;
    },
  };
}
