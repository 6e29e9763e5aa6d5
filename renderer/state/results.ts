import { create } from 'zustand';
import type { SpectrumDocument } from '../../core/experiment/result-documents.ts';
import type { CheckReport, MeasuredCosts, PartialSlice, PathOnPlane, ShownSlice } from '../../core/protocol/methods.ts';

export type PlaneKind = 'pca' | 'random' | 'eigen';

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
