import {
  type BackendValues,
  type DataId,
  DataStorage,
  type DataType,
  engine,
  KernelBackend,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { isFloat64Realm } from '../float64-realm.ts';
import { type HostNumbers, type NativeBinding, type NativeType, type NativeValue, nativeType } from './binding.ts';

/** The name under which the backend is registered. */
export const nativeBackendName = 'tensorflow';

/** Values of one data id: in the library, where they can be worked with, or on the host (strings and complex numbers). */
interface Data {
  readonly dtype: DataType;
  /** The same memory under every shape that was asked for; the first one owns nothing more than the others. */
  readonly views: NativeValue[];
  readonly host: BackendValues | null;
  refCount: number;
}

/**
 * The TensorFlow library as a backend of TensorFlow.js. Tensors live in the library's memory, or on its GPU; reading
 * them waits. `float32` is double precision in a double-precision realm.
 */
export class NativeBackend extends KernelBackend {
  readonly binding: NativeBinding;
  readonly floatType: NativeType = isFloat64Realm() ? nativeType.float64 : nativeType.float32;
  private readonly data: DataStorage<Data>;

  constructor(binding: NativeBinding) {
    super();
    this.binding = binding;
    this.data = new DataStorage(this, engine());
  }

  override write(values: BackendValues, shape: number[], dtype: DataType): DataId {
    const dataId = {};
    this.move(dataId, values, shape, dtype, 1);
    return dataId;
  }

  override move(dataId: DataId, values: BackendValues, shape: number[], dtype: DataType, refCount: number): void {
    const type = this.typeOf(dtype);
    // Copied at once: what the caller does to the array later must not change the tensor.
    if (type === null) this.data.set(dataId, { dtype, views: [], host: values, refCount });
    else this.data.set(dataId, { dtype, views: [this.upload(type, shape, values)], host: null, refCount });
  }

  override async read(dataId: DataId): Promise<BackendValues> {
    return this.readSync(dataId);
  }

  override readSync(dataId: DataId): BackendValues {
    const { dtype, views, host } = this.data.get(dataId);
    if (host !== null) return host;
    const view = views[0]!;
    const values = hostArray(dtype, sizeOf(view.shape));
    this.binding.read(view.id, values);
    return values;
  }

  override numDataIds(): number {
    return this.data.numDataIds();
  }

  override refCount(dataId: DataId): number {
    return this.data.has(dataId) ? this.data.get(dataId).refCount : 0;
  }

  override incRef(dataId: DataId): void {
    this.data.get(dataId).refCount++;
  }

  decRef(dataId: DataId): void {
    if (this.data.has(dataId)) this.data.get(dataId).refCount--;
  }

  override disposeData(dataId: DataId, force = false): boolean {
    if (!this.data.has(dataId)) return true;
    const data = this.data.get(dataId);
    data.refCount--;
    if (!force && data.refCount > 0) return false;
    for (const view of data.views) this.binding.free(view.id);
    this.data.delete(dataId);
    return true;
  }

  override memory(): { unreliable: boolean; reasons?: string[] } {
    return { unreliable: true, reasons: ['The library keeps memory of its own that is not counted here.'] };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override timerAvailable(): boolean {
    return true;
  }

  override async time(f: () => void): Promise<{ kernelMs: number }> {
    const start = performance.now();
    f();
    return { kernelMs: performance.now() - start };
  }

  override dispose(): void {}

  /** A tensor's value in the library, with the tensor's shape. It belongs to the tensor. */
  nativeValue({ dataId, shape, dtype }: TensorInfo): NativeValue {
    const { views } = this.data.get(dataId);
    const known = views.find((view) => sameShape(view.shape, shape));
    if (known !== undefined) return known;
    const view = views[0];
    if (view === undefined) throw new Error(`The backend '${nativeBackendName}' cannot compute with ${dtype} tensors.`);
    const target = this.binding.upload(nativeType.int32, [shape.length], Int32Array.from(shape));
    const [reshaped] = this.binding.execute('Reshape', [view.id, target.id], {}, 1);
    this.binding.free(target.id);
    views.push(reshaped!);
    return reshaped!;
  }

  /** A new tensor out of a value of the library, which it takes over. */
  adopt(value: NativeValue): TensorInfo {
    const dtype = this.dtypeOf(value);
    const dataId = {};
    this.data.set(dataId, { dtype, views: [value], host: null, refCount: 1 });
    return { dataId, shape: [...value.shape], dtype };
  }

  /** The same values under another shape, without a copy. */
  share({ dataId, dtype }: TensorInfo, shape: readonly number[]): TensorInfo {
    this.incRef(dataId);
    return { dataId, shape: [...shape], dtype };
  }

  private dtypeOf({ id, type }: NativeValue): DataType {
    if (type === this.floatType) return 'float32';
    if (type === nativeType.int32) return 'int32';
    if (type === nativeType.bool) return 'bool';
    this.binding.free(id);
    throw new Error(`An operation gave a result of TensorFlow's type ${type}, which no tensor can have.`);
  }

  private typeOf(dtype: DataType): NativeType | null {
    if (dtype === 'float32') return this.floatType;
    return dtype === 'int32' || dtype === 'bool' ? nativeType[dtype] : null;
  }

  private upload(type: NativeType, shape: readonly number[], values: BackendValues | null): NativeValue {
    const given = (values ?? new Uint8Array(sizeOf(shape))) as HostNumbers | number[];
    return this.binding.upload(type, shape, Array.isArray(given) ? Float64Array.from(given) : given);
  }
}

/** The values of a tensor as this realm's arrays hold them. */
function hostArray(dtype: DataType, size: number): Float32Array | Int32Array | Uint8Array {
  if (dtype === 'int32') return new Int32Array(size);
  return dtype === 'bool' ? new Uint8Array(size) : new Float32Array(size);
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((length, i) => length === b[i]);
