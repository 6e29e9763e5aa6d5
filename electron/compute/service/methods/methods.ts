import type { MethodName } from '../../../../core/protocol/methods.ts';
import type { Method } from '../method.ts';

/** What the threads answer; each loaded when it is first asked for. `hello` is answered by the service itself. */
export const methods: { readonly [M in Exclude<MethodName, 'hello'>]: () => Promise<Method<M>> } = {
  readExperiment: async () => (await import('./experiments.ts')).readExperimentFile,
  readLandscape: async () => (await import('./landscapes.ts')).readLandscape,
  landscapeFile: async () => (await import('./landscapes.ts')).landscapeFile,
  describe: async () => (await import('./experiments.ts')).describe,
  measure: async () => (await import('./experiments.ts')).measure,
  readPoint: async () => (await import('./experiments.ts')).readPoint,
  openRun: async () => (await import('./runs.ts')).openRun,
  readOn: async () => (await import('./runs.ts')).readOn,
  provenance: async () => (await import('./runs.ts')).provenance,
  storedResults: async () => (await import('./runs.ts')).storedResults,
  report: async () => (await import('./runs.ts')).report,
  train: async () => (await import('./train.ts')).train,
  spectrum: async () => (await import('./analyses.ts')).spectrum,
  overlap: async () => (await import('./analyses.ts')).overlap,
  sampling: async () => (await import('./analyses.ts')).sampling,
  structure: async () => (await import('./analyses.ts')).structure,
  modes: async () => (await import('./analyses.ts')).modes,
  slice: async () => (await import('./analyses.ts')).slice,
  saddles: async () => (await import('./saddles.ts')).saddles,
  escape: async () => (await import('./escapes.ts')).escapeFrom,
  simulate: async () => (await import('./simulations.ts')).simulate,
  check: async () => (await import('./analyses.ts')).check,
  pathOnPlane: async () => (await import('./planes.ts')).pathOnPlane,
  sliceFile: async () => (await import('./planes.ts')).sliceFile,
  printFigure: async () => (await import('./figures.ts')).printFigure,
  packNpz: async () => (await import('./figures.ts')).packNpz,
  renderFigure: async () => (await import('./figures.ts')).renderFigure,
};
