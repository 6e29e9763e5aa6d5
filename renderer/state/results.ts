import { create } from 'zustand';
import type { SpectrumDocument } from '../../core/experiment/result-documents.ts';
import type { CheckReport, MeasuredCosts, PartialSlice, PathOnPlane, ShownSlice } from '../../core/protocol/methods.ts';
import type { PlaneKind } from './plane-kind.ts';
import { useSettings } from './settings.ts';

export type { PlaneKind } from './plane-kind.ts';

/** A slice as it is shown: whole, or as far as it is computed. */
export interface ShownLandscape {
  readonly slice: ShownSlice | PartialSlice;
  readonly complete: boolean;
  /** Checkpoints made since the plane was computed, projected on it. */
  readonly newer: PathOnPlane | null;
}

/** What was computed on the runs, by run id. */
export interface Results {
  readonly landscapes: Readonly<Record<string, Partial<Readonly<Record<PlaneKind, ShownLandscape>>>>>;
  /** The latest spectrum of each step, ascending by step. */
  readonly spectra: Readonly<Record<string, readonly SpectrumDocument[]>>;
  readonly checks: Readonly<Record<string, { readonly step: number | null; readonly report: CheckReport }>>;
  readonly costs: Readonly<Record<string, MeasuredCosts>>;
}

export const useResults = create<Results>(() => ({ landscapes: {}, spectra: {}, checks: {}, costs: {} }));

export function putLandscape(run: string, plane: PlaneKind, landscape: ShownLandscape): void {
  useResults.setState(({ landscapes }) => ({
    landscapes: { ...landscapes, [run]: { ...landscapes[run], [plane]: landscape } },
  }));
}

/**
 * The plane that is shown of a run: the wanted one, or until it is there the one that is. `wanted` is the kind that the
 * settings name.
 */
export function landscapeToShow(
  landscapes: Results['landscapes'],
  run: string,
  wanted: PlaneKind,
): { readonly plane: PlaneKind; readonly landscape: ShownLandscape } | null {
  const of = landscapes[run];
  for (const plane of [wanted, 'pca', 'eigen', 'random'] as const) {
    const landscape = of?.[plane];
    if (landscape) return { plane, landscape };
  }
  return null;
}

/** The same of the present state. */
export const shownLandscape = (run: string): ReturnType<typeof landscapeToShow> =>
  landscapeToShow(useResults.getState().landscapes, run, useSettings.getState().landscape.plane);

export function putSpectrum(run: string, spectrum: SpectrumDocument): void {
  useResults.setState(({ spectra }) => {
    const others = (spectra[run] ?? []).filter(
      ({ step, operator }) => step !== spectrum.step || operator !== spectrum.operator,
    );
    const all = [...others, spectrum].sort((a, b) => (a.step ?? 0) - (b.step ?? 0));
    return { spectra: { ...spectra, [run]: all } };
  });
}

export function forgetResults(run: string): void {
  const without = <T>(table: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(table).filter(([id]) => id !== run));
  useResults.setState(({ landscapes, spectra, checks, costs }) => ({
    landscapes: without(landscapes),
    spectra: without(spectra),
    checks: without(checks),
    costs: without(costs),
  }));
}
