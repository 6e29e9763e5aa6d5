import { pad, reshape, type Tensor, tidy, tile } from '@tensorflow/tfjs-core';
import { installKernel } from '../second-order/kernels/kernel.ts';
import { ownKernel } from './shader.ts';

const mostAxes = 4;

/**
 * Repetition and padding of tensors with five and six axes, one axis after the other: the library would read the values
 * for the one, and has no valid program for the other.
 */
export function installAxisByAxis(): void {
  install(
    'Tile',
    ({ reps }) => reps as number[],
    (times) => times !== 1,
    (x, times) => tile(x, [1, times, 1]),
  );
  install(
    'PadV2',
    ({ paddings }) => paddings as [number, number][],
    ([before, after]) => before + after > 0,
    (x, [before, after], { constantValue }) =>
      pad(
        x,
        [
          [0, 0],
          [before, after],
          [0, 0],
        ],
        constantValue as number,
      ),
  );
}

type Attributes = Record<string, unknown>;

/** `change` gets the tensor as [axes before, the axis, axes behind]. */
function install<T>(
  kernelName: string,
  perAxis: (attributes: Attributes) => readonly T[],
  changes: (amount: T) => boolean,
  change: (x: Tensor, amount: T, attributes: Attributes) => Tensor,
): void {
  const own = ownKernel(kernelName);
  installKernel({
    ...own,
    kernelFunc({ inputs, attrs, backend }) {
      if (inputs.x!.shape.length <= mostAxes) return own.kernelFunc({ inputs, attrs: attrs!, backend });
      return tidy(() => {
        // The engine hands kernels the tensors themselves.
        let y = (inputs.x as unknown as Tensor).clone();
        perAxis(attrs as Attributes).forEach((amount, axis) => {
          if (!changes(amount)) return;
          const { shape } = y;
          const outer = shape.slice(0, axis).reduce((a, b) => a * b, 1);
          const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
          const changed = change(reshape(y, [outer, shape[axis] ?? 1, inner]), amount, attrs as Attributes);
          y = reshape(changed, [...shape.slice(0, axis), changed.shape[1] ?? 1, ...shape.slice(axis + 1)]);
        });
        return y;
      });
    },
  });
}
