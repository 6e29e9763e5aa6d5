import { reshape, type Tensor, tidy, tile } from '@tensorflow/tfjs-core';
import { installKernel } from '../second-order/kernels/kernel.ts';
import { ownKernel } from './shader.ts';

const mostAxes = 4;

/** Repetition of tensors with five and six axes, one axis after the other: the library would read their values. */
export function installTile(): void {
  const own = ownKernel('Tile');
  installKernel({
    ...own,
    kernelFunc({ inputs, attrs, backend }) {
      if (inputs.x!.shape.length <= mostAxes) return own.kernelFunc({ inputs, attrs: attrs!, backend });
      const reps = attrs!.reps as number[];
      return tidy(() => {
        // The engine hands kernels the tensors themselves.
        let y = inputs.x as unknown as Tensor;
        reps.forEach((times, axis) => {
          if (times === 1) return;
          const shape = y.shape.map((n, i) => (i === axis ? n * times : n));
          const outer = y.shape.slice(0, axis).reduce((a, b) => a * b, 1);
          y = reshape(tile(reshape(y, [outer, y.size / outer]), [1, times]), shape);
        });
        return y === (inputs.x as unknown) ? y.clone() : y;
      });
    },
  });
}
