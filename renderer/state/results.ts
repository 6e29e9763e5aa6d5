import { create } from 'zustand';
import type {
  ModesDocument,
  OverlapDocument,
  SamplingDocument,
  SpectrumDocument,
  StructureDocument,
} from '../../core/experiment/result-documents.ts';
import type { LandscapeFile } from '../../core/formats/landscape-file.ts';
import type { CheckReport, MeasuredCosts, PartialSlice, PathOnPlane, ShownSlice } from '../../core/protocol/methods.ts';
import { automaticPlanes, isAutomatic, isOpenedPlane, type PlaneKind } from './plane-kind.ts';
import { useSettings } from './settings.ts';

export type { PlaneKind } from './plane-kind.ts';

/** A slice as it is shown: whole, or as far as it is computed. */
export interface ShownLandscape {
  readonly slice: ShownSlice | PartialSlice;
  readonly complete: boolean;
  /** Checkpoints made since the plane was computed, projected on it. */
  readonly newer: PathOnPlane | null;
  /** Where it was read from a file that belongs to no run: what that says. */
  readonly file?: LandscapeFile;
}

/**
 * Points that are not there are holes, each of its own cells. Ours go from coarse to fine, also where they were stopped, in
 * files too: what is missing lies between points that are there. Other tools fill grids in any order.
 */
export const hasHoles = ({ file }: Pick<ShownLandscape, 'file'>): boolean =>
  file !== undefined && file.form !== 'saddlescope';

export interface ShownCheck {
  readonly step: number | null;
  readonly report: CheckReport;
  /** Whose eigenvalues were held against the dense matrix. */
  readonly spectrum: SpectrumDocument | null;
}

/** What was computed on the runs, by run id. */
export interface Results {
  readonly landscapes: Readonly<Record<string, Readonly<Record<PlaneKind, ShownLandscape>>>>;
  /** The latest spectrum of each step, ascending by step. */
  readonly spectra: Readonly<Record<string, readonly SpectrumDocument[]>>;
  /** The latest of each kind and matrix. */
  readonly overlaps: Readonly<Record<string, readonly OverlapDocument[]>>;
  /** The latest of each step, ascending by step. */
  readonly samplings: Readonly<Record<string, readonly SamplingDocument[]>>;
  readonly structures: Readonly<Record<string, readonly StructureDocument[]>>;
  /** The latest. */
  readonly modes: Readonly<Record<string, ModesDocument>>;
  readonly checks: Readonly<Record<string, ShownCheck>>;
  readonly costs: Readonly<Record<string, MeasuredCosts>>;
}

export const useResults = create<Results>(() => ({
  landscapes: {},
  spectra: {},
  overlaps: {},
  samplings: {},
  structures: {},
  modes: {},
  checks: {},
  costs: {},
}));

export function putLandscape(run: string, plane: PlaneKind, landscape: ShownLandscape): void {
  useResults.setState(({ landscapes }) => ({
    landscapes: { ...landscapes, [run]: { ...landscapes[run], [plane]: landscape } },
  }));
}

/** Fewer points than this say less than any finished picture. */
export const fewestCells = 12 * 12;

export const cellsOf = ({ fields }: ShownLandscape['slice']): number =>
  fields[0].computed.reduce((sum, one) => sum + one, 0);

/** How far a slice of one or several quantities is: values that are there, of so many. */
export const valuesOf = ({ fields }: ShownLandscape['slice']): { readonly done: number; readonly total: number } => ({
  done: fields.reduce((sum, { computed }) => sum + computed.reduce((all, one) => all + one, 0), 0),
  total: fields.reduce((sum, { computed }) => sum + computed.length, 0),
});

/** The wanted plane, or until there is something to see of it, the one that there is. */
export function planeToShow(of: Results['landscapes'][string] | undefined, wanted: PlaneKind): PlaneKind {
  // A file has one landscape, whatever is wanted of runs.
  const opened = of && Object.keys(of).find(isOpenedPlane);
  if (opened !== undefined) return opened;
  const has = of?.[wanted];
  // What was asked for by name is not another slice, however little of it there is.
  if (!isAutomatic(wanted)) return wanted;
  if (has && (has.complete || cellsOf(has.slice) >= fewestCells)) return wanted;
  return automaticPlanes.find((plane) => of?.[plane]?.complete) ?? wanted;
}

/** Which plane of a run is shown now. */
export const planeShown = (run: string): PlaneKind =>
  planeToShow(useResults.getState().landscapes[run], useSettings.getState().landscape.plane);

/** The same for components. */
export function usePlaneShown(run: string | null): PlaneKind {
  const wanted = useSettings(({ landscape }) => landscape.plane);
  return useResults(({ landscapes }) => planeToShow(run === null ? undefined : landscapes[run], wanted));
}

/** What is shown of it; null where nothing is. */
export const shownLandscape = (run: string): ShownLandscape | null =>
  useResults.getState().landscapes[run]?.[planeShown(run)] ?? null;

/** Of the same part of the parameters. */
export const sameBlocks = (a: SpectrumDocument, b: SpectrumDocument): boolean =>
  (a.blocks ?? []).join() === (b.blocks ?? []).join();

export function putSpectrum(run: string, spectrum: SpectrumDocument): void {
  useResults.setState(({ spectra }) => {
    const others = (spectra[run] ?? []).filter(
      (one) => one.step !== spectrum.step || one.operator !== spectrum.operator || !sameBlocks(one, spectrum),
    );
    const all = [...others, spectrum].sort((a, b) => (a.step ?? 0) - (b.step ?? 0));
    return { spectra: { ...spectra, [run]: all } };
  });
}

export function putOverlap(run: string, overlap: OverlapDocument): void {
  useResults.setState(({ overlaps }) => {
    const others = (overlaps[run] ?? []).filter(
      ({ kind, operator }) => kind !== overlap.kind || operator !== overlap.operator,
    );
    return { overlaps: { ...overlaps, [run]: [...others, overlap] } };
  });
}

/** In the place of the one of its step, where there is one. */
const placed = <T extends { readonly step: number | null }>(all: readonly T[] = [], one: T): readonly T[] =>
  [...all.filter(({ step }) => step !== one.step), one].sort((a, b) => (a.step ?? 0) - (b.step ?? 0));

export function putSampling(run: string, sampling: SamplingDocument): void {
  useResults.setState(({ samplings }) => ({ samplings: { ...samplings, [run]: placed(samplings[run], sampling) } }));
}

export function putStructure(run: string, structure: StructureDocument): void {
  useResults.setState(({ structures }) => ({
    structures: { ...structures, [run]: placed(structures[run], structure) },
  }));
}

/** In the place of the one before. */
export function putModes(run: string, document: ModesDocument): void {
  useResults.setState(({ modes }) => ({ modes: { ...modes, [run]: document } }));
}

export function forgetResults(run: string): void {
  const without = <T>(table: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(table).filter(([id]) => id !== run));
  useResults.setState(({ landscapes, spectra, overlaps, samplings, structures, modes, checks, costs }) => ({
    landscapes: without(landscapes),
    spectra: without(spectra),
    overlaps: without(overlaps),
    samplings: without(samplings),
    structures: without(structures),
    modes: without(modes),
    checks: without(checks),
    costs: without(costs),
  }));
}
