import { WebGPUBackend, type WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import type { BackendValues, DataType, TensorInfo } from '@tensorflow/tfjs-core';
import { util } from '@tensorflow/tfjs-core';
import { BadInput } from '../../../bad-input.ts';
import type { GpuDevice } from './gpu.ts';

type Uniforms = { type: string; data: number[] }[];

const bytesPerNumber = 4;
const mebibytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`;

/**
 * The library's backend with faults made loud. A GPU works through its orders later and tells of errors by an event, so
 * that the library returns zeros for tensors beyond the limits of a binding, and for everything after a lost device.
 * Here a tensor beyond the limits is `BadInput` before anything is ordered, and any other fault is thrown by the next
 * order or reading. Values cannot be read synchronously; they can be awaited.
 */
export class CheckedWebgpuBackend extends WebGPUBackend {
  private readonly gpuDevice: GpuDevice;
  private readonly mostBytes: number;
  /** The first error since the last one that was thrown. */
  private fault: string | null = null;
  private lost: string | null = null;
  private closing = false;

  constructor(device: GpuDevice) {
    // The types of the library's own declarations are not at hand here.
    super(device as never);
    this.gpuDevice = device;
    const { maxStorageBufferBindingSize = 0, maxBufferSize = 0 } = device.limits;
    this.mostBytes = Math.min(maxStorageBufferBindingSize, maxBufferSize);
    device.addEventListener('uncapturederror', ({ error }) => {
      this.fault ??= `The GPU reports an error: ${error.message}`;
    });
    void device.lost.then(({ message, reason }) => {
      if (!this.closing) this.lost ??= `The GPU was lost: ${message || reason || 'no reason was given'}`;
    });
  }

  get isLost(): boolean {
    return this.lost !== null;
  }

  override runWebGPUProgram(
    program: WebGPUProgram,
    inputs: TensorInfo[],
    outputDtype: DataType,
    uniforms?: Uniforms,
    output?: TensorInfo,
  ): TensorInfo {
    this.checkFault();
    for (const shape of [program.outputShape, ...inputs.map((input) => input.shape)]) this.checkSize(shape);
    return super.runWebGPUProgram(program, inputs, outputDtype, uniforms, output);
  }

  override async read(dataId: object): Promise<BackendValues> {
    this.checkFault();
    let values: BackendValues;
    try {
      values = await super.read(dataId);
    } catch (cause) {
      this.checkFault();
      throw cause;
    }
    // Errors of what was read come before its values do.
    this.checkFault();
    return values;
  }

  override readSync(dataId: object): BackendValues {
    const { values, dtype } = this.tensorMap.get(dataId);
    if (values != null || dtype === 'string') return values;
    throw new Error('Values on a GPU cannot be read synchronously: this needs `await tensor.data()`.');
  }

  override dispose(): void {
    this.closing = true;
    super.dispose();
    this.gpuDevice.destroy();
  }

  private checkFault(): void {
    const found = this.lost ?? this.fault;
    this.fault = null;
    if (found === null) return;
    throw new BadInput(
      found.endsWith('.') ? found : `${found}.`,
      'Start the computation again; where that does not help, use another engine.',
    );
  }

  private checkSize(shape: readonly number[]): void {
    const bytes = util.sizeFromShape([...shape]) * bytesPerNumber;
    if (bytes <= this.mostBytes) return;
    throw new BadInput(
      `A tensor of the shape [${shape.join(', ')}] takes ${mebibytes(bytes)}, and this GPU binds no more than ${mebibytes(this.mostBytes)} at once.`,
      'Use fewer examples, smaller layers or another engine.',
    );
  }
}
