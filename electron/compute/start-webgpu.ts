import { useBackend } from '../../core/models/tensorflow/backend.ts';
import type { GpuDescription } from '../../core/models/tensorflow/webgpu/gpu.ts';
import { nodeGpu } from '../host/dawn.ts';

/**
 * Makes 'webgpu' the current backend on plain Node, and says what it computes on. Null, and nothing is changed, where
 * there is no adapter, or only a program that imitates one and `allowSoftware` is false. The environment variable
 * SADDLESCOPE_VULKAN names a folder with a Vulkan of its own (`libvulkan.so.1` and `vk_swiftshader_icd.json`).
 */
export async function startWebgpu({ allowSoftware }: { allowSoftware: boolean }): Promise<GpuDescription | null> {
  const folder = process.env.SADDLESCOPE_VULKAN;
  const found = await nodeGpu(folder ? { vulkanFolder: folder } : {});
  if (found === null || (found.software && !allowSoftware)) return null;
  await useBackend('webgpu', { gpu: found.gpu });
  return { description: found.description, software: found.software };
}
