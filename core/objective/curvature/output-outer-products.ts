import type { LinearOperator } from '../../linalg/linear-operator.ts';
import type { VectorSpace } from '../../linalg/vector-space.ts';
import type { Linearization, Outputs } from '../objective.ts';
import { jacobianProducts } from './jacobian-products.ts';

/**
 * scale · Σₛ Σᵢ (Jᵢᵀuₛᵢ)(Jᵢᵀuₛᵢ)ᵀ for rows uₛᵢ in the outputs, several sets s of them at once: v ↦ scale · Jᵀ(Σₛ uₛ (uₛ·Jv)).
 * Gradients of single examples, Jᵢᵀuᵢ, are never formed. `centred` takes their mean ḡ away by centring the products
 * gᵢ·v instead, Σᵢ gᵢ (gᵢ·v − ḡ·v), which loses no digits where ḡ is large. Cost: one product with J and one with Jᵀ.
 */
export function outputOuterProducts<V>(
  space: VectorSpace<V>,
  linearization: Linearization<V>,
  rows: readonly Outputs[],
  { scale, centred = false }: { readonly scale: number; readonly centred?: boolean },
): LinearOperator<V> {
  const jacobian = jacobianProducts(linearization);
  return {
    space,
    symmetric: true,
    positiveSemidefinite: true,
    async apply(v) {
      const along = await jacobian.forward(v);
      const { rows: count, columns } = along;
      const weighted: Outputs = { rows: count, columns, data: new Float64Array(count * columns) };
      for (const set of rows) {
        if (set.rows !== count || set.columns !== columns)
          throw new RangeError(`Rows of ${set.rows} × ${set.columns} for outputs of ${count} × ${columns}.`);
        const products = rowProducts(set, along);
        const mean = centred ? products.reduce((sum, one) => sum + one, 0) / count : 0;
        for (let i = 0; i < count; i++) {
          const weight = scale * (products[i]! - mean);
          for (let at = i * columns; at < (i + 1) * columns; at++) weighted.data[at]! += weight * set.data[at]!;
        }
      }
      return jacobian.transpose(weighted);
    },
  };
}

/** uᵢ · rᵢ for every row. */
function rowProducts(u: Outputs, r: Outputs): Float64Array {
  const products = new Float64Array(u.rows);
  for (let at = 0; at < u.data.length; at++) products[Math.floor(at / u.columns)]! += u.data[at]! * r.data[at]!;
  return products;
}
