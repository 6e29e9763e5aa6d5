import type { EngineReport, EngineRow } from '../../core/protocol/engines.ts';
import { hasPresentAddon } from '../host/engine/addon.ts';
import { enginesHome, type InstalledEngine, installedEngines } from '../host/engine/engines-home.ts';
import { sweepEngines } from '../host/engine/engines-lock.ts';
import { gpuPresence, whyNoGpu } from '../host/engine/gpu-presence.ts';
import { whyNoInstallation } from '../host/engine/install-engine.ts';

async function row(engine: InstalledEngine): Promise<EngineRow> {
  const { name, version, gpu, sizeBytes, verified } = engine.record;
  return {
    ...{ name, version, gpu, sizeBytes, active: engine.active },
    usable: await hasPresentAddon(engine),
    checkedAt: verified.date,
    results: verified.results,
    worstFloat32: verified.worstFloat32,
    worstFloat64: verified.worstFloat64,
    threads: verified.threads,
    gpus: verified.devices
      .filter(({ kind }) => kind === 'GPU')
      .map(({ name: device, memoryBytes }) => ({ name: device, memoryBytes })),
  };
}

/** What is installed and what this machine has; removes what a killed installation left. */
export async function engineReport(home: string = enginesHome()): Promise<EngineReport> {
  await sweepEngines(home);
  const engines = await Promise.all((await installedEngines(home)).map(row));
  const presence = gpuPresence();
  const active = engines.find((engine) => engine.active && engine.usable);
  const used = active ? { gpu: active.gpu, usesGpu: active.gpus.length > 0 } : null;
  return {
    engines,
    cards: presence.cards,
    hasGpu: presence.devices.length > 0,
    whyNoGpu: whyNoGpu(presence, used),
    whyNoInstallation: whyNoInstallation(),
    platform: `${process.platform} ${process.arch}`,
  };
}
