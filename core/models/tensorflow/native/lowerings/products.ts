import type { NativeValue } from '../binding.ts';
import type { KernelAttributes, Lowering, NativeOperations } from '../lowering.ts';
import { activated } from './activations.ts';
import { bool, int, text, type } from './attributes.ts';
import { listed, reshape, sizeOf } from './values.ts';

/** Products of matrices and of tensors. */
export const productLowerings: Readonly<Record<string, Lowering>> = {
  BatchMatMul: (native, { a, b }, attributes) => matrixProduct(native, a!, b!, attributes),
  _FusedMatMul: (native, { a, b, ...rest }, attributes) =>
    activated(native, matrixProduct(native, a!, b!, attributes), rest, attributes),
  Einsum: (native, inputs, { equation }) => {
    const operands = listed(inputs);
    return native.run('Einsum', operands, {
      equation: text(String(equation).replace(/\s/g, '')),
      N: int(operands.length),
      T: type(operands[0]!.type),
    });
  },
};

/** a b for each matrix of a batch; one plain product where the right factor is the same for the whole batch. */
function matrixProduct(
  native: NativeOperations,
  a: NativeValue,
  b: NativeValue,
  { transposeA, transposeB }: KernelAttributes,
): NativeValue {
  const matrices = (v: NativeValue) => sizeOf(v.shape.slice(0, -2));
  const plain = { transpose_a: bool(transposeA), transpose_b: bool(transposeB) };
  if (a.shape.length === 2 && b.shape.length === 2) return native.run('MatMul', [a, b], plain);
  const shared = matrices(b) === 1 && a.shape.length >= b.shape.length;
  if (shared && (matrices(a) === 1 || transposeA !== true)) {
    const [rows = 1, columns = 1] = a.shape.slice(-2);
    const flat = reshape(native, a, [matrices(a) * rows, columns]);
    const product = native.run('MatMul', [flat, reshape(native, b, b.shape.slice(-2))], plain);
    const [height = 1, width = 1] = [transposeA === true ? columns : rows, product.shape[1]];
    return reshape(native, product, [...a.shape.slice(0, -2), height, width]);
  }
  return native.run('BatchMatMulV2', [a, b], { adj_x: bool(transposeA), adj_y: bool(transposeB) });
}
