import { create } from 'zustand';
import type { GrantedFile } from '../../core/protocol/bridge.ts';
import type { LandscapeSource } from '../../core/protocol/methods.ts';
import type { OpenedSlice } from './landscape-of-file.ts';
import { forgetResults, putLandscape } from './results.ts';
import { runOf, useRuns } from './runs.ts';

/**
 * A landscape that was read from a file, without any run. Its id is that of its file; where it is the one that is studied
 * (`useRuns.current`), there is no current run, so that whatever needs one says so.
 */
export interface OpenedLandscape {
  readonly id: string;
  readonly file: GrantedFile;
  /** Files of loss-landscape that belong to it. */
  readonly directions: GrantedFile | null;
  readonly projection: GrantedFile | null;
  readonly shown: OpenedSlice;
}

export const useLandscapeFiles = create<{ readonly files: readonly OpenedLandscape[] }>(() => ({ files: [] }));

export const openedLandscape = (id: string | null): OpenedLandscape | null =>
  useLandscapeFiles.getState().files.find((file) => file.id === id) ?? null;

/** What the side that computes reads it from. */
export const sourceOfLandscape = ({
  file,
  directions,
  projection,
}: Omit<OpenedLandscape, 'id' | 'shown'>): LandscapeSource => ({
  file: file.reference,
  directions: directions?.reference ?? null,
  projection: projection?.reference ?? null,
});

/** The one on the screen; null where a run is studied. */
export const shownFile = (): OpenedLandscape | null => openedLandscape(useRuns.getState().current);

/** The same for components. */
export function useShownFile(): OpenedLandscape | null {
  const current = useRuns((runs) => runs.current);
  return useLandscapeFiles(({ files }) => files.find(({ id }) => id === current) ?? null);
}

/** In the place of what was read from the same file before; it comes on the screen. */
export function putLandscapeFile(opened: OpenedLandscape, name: string): void {
  useLandscapeFiles.setState(({ files }) => ({
    files: files.some(({ id }) => id === opened.id)
      ? files.map((file) => (file.id === opened.id ? opened : file))
      : [...files, opened],
  }));
  putLandscape(opened.id, name, opened.shown);
  useRuns.setState({ current: opened.id });
}

/** Off the screen; the file stays. Another one is shown, or the run that came last. */
export function removeLandscapeFile(id: string): void {
  useLandscapeFiles.setState(({ files }) => ({ files: files.filter((file) => file.id !== id) }));
  forgetResults(id);
  useRuns.setState(({ runs, current }) => ({
    current: current === id ? (useLandscapeFiles.getState().files.at(-1)?.id ?? runs.at(-1)?.id ?? null) : current,
  }));
}

/** What is studied, for people; null where nothing is. */
export const studiedTitle = (id: string | null): string | null =>
  runOf(id)?.title ?? openedLandscape(id)?.file.name ?? null;

/** For names of files that are saved: without the ending. */
export const studiedFileName = (id: string | null): string | null =>
  runOf(id)?.file.name ?? openedLandscape(id)?.file.name.replace(/\.(h5|hdf5|npz)$/i, '') ?? null;
