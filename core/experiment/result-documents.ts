import type { Escape } from '../analyses/escape/escape.ts';
import type { Modes } from '../analyses/modes/modes.ts';
import type { SubspaceOverlap } from '../analyses/overlap/overlap.ts';
import type { SaddleSearch } from '../analyses/saddles/saddle.ts';
import type { Sampling } from '../analyses/sampling/sampling.ts';
import type { Slice } from '../analyses/slices/slice.ts';
import type { Spectrum } from '../analyses/spectrum/spectrum.ts';
import type { Structure } from '../analyses/structure/structure.ts';
import type { Stats, Status } from '../linalg/result.ts';
import type { DataProvenance } from './run-folder.ts';

/** What every document of an analysis says beside its value: what `--json` prints and a run folder keeps. */
export interface AnalysisDocument {
  readonly saddlescope: string;
  readonly experiment: string;
  /** Null for an experiment that was not trained. */
  readonly step: number | null;
  readonly seed: number;
  /** What batch normalisation and dropout did. */
  readonly mode: 'training' | 'inference';
  readonly data: DataProvenance;
  readonly status: Status;
  readonly advice: string;
  readonly stats: Stats;
  readonly command: string;
}

export type SpectrumDocument = Spectrum & AnalysisDocument;
export type ModesDocument = Modes & AnalysisDocument;
export type OverlapDocument = SubspaceOverlap & AnalysisDocument;
export type SamplingDocument = Sampling & AnalysisDocument;
export type SliceDocument = Slice & AnalysisDocument;
export type StructureDocument = Structure & AnalysisDocument;
/** θ of the points lie in the file beside the document. */
export type SaddlesDocument = SaddleSearch & AnalysisDocument;
export type EscapeDocument = Escape & AnalysisDocument;
