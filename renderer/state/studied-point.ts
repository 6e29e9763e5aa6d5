import { create } from 'zustand';
import type { SpectrumDocument } from '../../core/experiment/result-documents.ts';
import type { PointReading } from '../../core/protocol/methods.ts';
import type { PlaneKind } from './plane-kind.ts';

/** A cell of a slice that was clicked, by its index in the fields. */
export interface PickedCell {
  readonly run: string;
  readonly plane: PlaneKind;
  readonly index: number;
}

/** A point off the path that is studied in the place of a checkpoint, and what is known of it so far. */
export interface StudiedPoint {
  readonly run: string;
  readonly plane: PlaneKind;
  readonly planeId: string;
  readonly coordinates: readonly number[];
  readonly reading: PointReading | null;
  readonly spectrum: SpectrumDocument | null;
  /** Why something of it could not be computed. */
  readonly problem: string | null;
  readonly busy: boolean;
}

export const usePicked = create<{ readonly cell: PickedCell | null }>(() => ({ cell: null }));
export const pickCell = (cell: PickedCell | null): void => usePicked.setState({ cell });

export const useStudiedPoint = create<{ readonly point: StudiedPoint | null }>(() => ({ point: null }));
export const leaveStudiedPoint = (): void => useStudiedPoint.setState({ point: null });
