/**
 * The part of the WebGPU interface that starting a backend takes: `navigator.gpu` of a page, or an object made by a
 * native library. The names GPUBuffer, GPUTexture, GPUBufferUsage and GPUMapMode must be global where it is used.
 */
export interface Gpu {
  requestAdapter(options?: { powerPreference?: 'low-power' | 'high-performance' }): Promise<GpuAdapter | null>;
}

export interface GpuAdapter {
  readonly features: { has(name: string): boolean };
  readonly limits: Readonly<Record<string, number>>;
  readonly info?: GpuAdapterInfo;
  readonly isFallbackAdapter?: boolean;
  /** Of browsers before `info`. */
  requestAdapterInfo?(): Promise<GpuAdapterInfo>;
  requestDevice(descriptor: { requiredFeatures: string[]; requiredLimits: Record<string, number> }): Promise<GpuDevice>;
}

export interface GpuAdapterInfo {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly device?: string;
  readonly description?: string;
  readonly isFallbackAdapter?: boolean;
}

export interface GpuDevice {
  readonly limits: Readonly<Record<string, number>>;
  readonly lost: Promise<{ readonly reason?: string; readonly message: string }>;
  addEventListener(type: 'uncapturederror', listener: (event: { readonly error: { message: string } }) => void): void;
  destroy(): void;
}

/** An adapter in words, and whether it is a program that imitates a GPU. */
export interface GpuDescription {
  readonly description: string;
  readonly software: boolean;
}

/** Programs that imitate a GPU, by what their adapters say of themselves. */
const imitations: readonly (readonly [RegExp, string])[] = [
  [/swiftshader/i, 'SwiftShader'],
  [/llvmpipe|lavapipe/i, 'llvmpipe'],
  [/microsoft basic render|\bwarp\b/i, 'Microsoft Basic Render Driver'],
];

/** What an adapter says of itself; a page may be told no more than vendor and architecture. */
export async function describeAdapter(adapter: GpuAdapter): Promise<GpuDescription> {
  const info = adapter.info ?? (await adapter.requestAdapterInfo?.()) ?? {};
  const { vendor = '', architecture = '', device = '', description = '' } = info;
  const all = [vendor, architecture, device, description].join(' ');
  const imitation = imitations.find(([pattern]) => pattern.test(all))?.[1];
  const named = device || description || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed GPU';
  return {
    description: imitation ?? named,
    software: imitation !== undefined || (info.isFallbackAdapter ?? adapter.isFallbackAdapter ?? false),
  };
}
