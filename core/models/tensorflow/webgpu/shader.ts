import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { type DataType, getKernel, type TensorInfo, util } from '@tensorflow/tfjs-core';

/**
 * A program of our own in WGSL, over flat arrays. `body` is run once for each `index` below `uniforms.threads`; it reads
 * the arrays named in `inputs` and writes to `result`. Functions that it calls stand in `functions`.
 */
export interface Shader {
  readonly name: string;
  readonly inputs: readonly string[];
  /** Names of whole-number constants, members of `uniforms`. */
  readonly constants?: readonly string[];
  /** Names of constants that are no whole numbers; their values come last. */
  readonly numbers?: readonly string[];
  readonly functions?: string;
  /**
   * How many threads work on one element together, of a workgroup of their own. The body is then run beyond
   * `uniforms.threads` too, because all of a group must meet at its barriers.
   */
  readonly group?: number;
  readonly body: string;
}

const usualGroup = 64;

/** Runs a shader; `threads` is the number of elements of the result, where nothing else is said. */
export function runShader(
  shader: Shader,
  backend: WebGPUBackend,
  inputs: readonly TensorInfo[],
  output: { readonly shape: readonly number[]; readonly dtype?: DataType },
  constants: readonly number[] = [],
  threads = util.sizeFromShape([...output.shape]),
): TensorInfo {
  const { shape, dtype = 'float32' } = output;
  const size = util.sizeFromShape([...shape]);
  const { constants: whole = [], numbers = [], group } = shader;
  const workgroup = group ?? usualGroup;
  const names = ['threads', ...whole, ...numbers];
  const typeOf = (place: number) => (place > whole.length ? 'f32' : 'i32');
  const program = {
    // Flat, so that one compiled program serves tensors of all ranks.
    outputShape: [size],
    variableNames: [...shader.inputs],
    uniforms: names.map((name, place) => `${name} : ${typeOf(place)}, `).join(''),
    workgroupSize: [workgroup, 1, 1] as [number, number, number],
    dispatchLayout: { x: [0] },
    dispatch: [Math.ceil(threads / workgroup), 1, 1] as [number, number, number],
    shaderKey: `saddlescope_${shader.name}`,
    getUserCode: () => `
      ${shader.functions ?? ''}
      fn main(index : i32) {
        ${group === undefined ? 'if (index < uniforms.threads)' : ''} {
          ${shader.body}
        }
      }`,
  };
  const flat = inputs.map((input) => ({ ...tensorInfo(input), shape: [util.sizeFromShape(input.shape)] }));
  const uniforms = [threads, ...constants].map((value, place) => ({
    type: typeOf(place) === 'i32' ? 'int32' : 'float32',
    data: [value],
  }));
  const result = backend.runWebGPUProgram(program, flat, dtype, uniforms);
  return { ...result, shape: [...shape] };
}

/** The engine hands kernels tensors, whose shape cannot be replaced by spreading them. */
function tensorInfo({ dataId, shape, dtype }: TensorInfo): TensorInfo {
  return { dataId, shape, dtype };
}

/** The kernel that the library has under a name, for kernels that stand in front of it. */
export const ownKernel = (kernelName: string) => getKernel(kernelName, 'webgpu');
