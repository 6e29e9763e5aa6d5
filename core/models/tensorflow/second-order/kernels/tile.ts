import { getKernel, type TensorInfo } from '@tensorflow/tfjs-core';
import { type HostBackend, hostBackend } from './host-view.ts';
import { installKernel } from './kernel.ts';

/**
 * Repeats a tensor along its axes, by doubling copies: what broadcasting a sum's cotangent comes to. The wasm backend's
 * own kernel works entry by entry and took a third of a convolutional net's Hessian product.
 */
export function installTile(backendName: string): void {
  const own = getKernel('Tile', backendName);
  installKernel({
    ...own,
    kernelFunc({ inputs, attrs, backend }) {
      const x = inputs.x!;
      if (x.dtype !== 'float32') return own.kernelFunc({ inputs, attrs: attrs!, backend });
      return tiled(x, attrs!.reps as number[], hostBackend(backend));
    },
  });
}

function tiled(x: TensorInfo, reps: readonly number[], host: HostBackend): TensorInfo {
  const shape = x.shape;
  const out = host.allocate(
    shape.map((n, i) => n * reps[i]!),
    'float32',
  );
  const [to, from] = [host.floats(out), host.floats(x)];
  let read = 0;
  let written = 0;

  const fill = (axis: number): void => {
    const start = written;
    const n = shape[axis] ?? 1;
    if (axis >= shape.length - 1) {
      for (let i = 0; i < n; i++) to[written++] = from[read++]!;
    } else for (let i = 0; i < n; i++) fill(axis + 1);
    const end = start + (written - start) * (reps[axis] ?? 1);
    while (written < end) {
      const length = Math.min(written - start, end - written);
      // Short runs are cheaper entry by entry than through a call.
      if (length < 16) for (let i = 0; i < length; i++) to[written + i] = to[start + i]!;
      else to.copyWithin(written, start, start + length);
      written += length;
    }
  };
  fill(0);
  return out;
}
