import type { SearchedPoint } from '../analyses/saddles/saddle.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type {
  EscapeDocument,
  ModesDocument,
  OverlapDocument,
  SaddlesDocument,
  SamplingDocument,
  SliceDocument,
  SpectrumDocument,
  StructureDocument,
} from '../experiment/result-documents.ts';
import type { Provenance, RunRecord } from '../experiment/run-folder.ts';
import type { Specification } from '../figures/figure.ts';
import type { LandscapeFile } from '../formats/landscape-file.ts';
import type { SimulationCall, SimulationValue } from '../simulations/simulation.ts';
import type { TrainingRecord } from '../training/records.ts';
import type { RunOutcome } from '../training/run-training.ts';

/**
 * A file or folder that the user has chosen, by a name that only the main process can resolve: the page never learns nor
 * chooses a path, so it can reach nothing that it was not given.
 */
export type FileReference = string;

/** What is studied: a text (from the editor or a file), and where its relative paths start. */
export interface ExperimentSource {
  readonly yaml: string;
  /** The file that the text was read from; null for one without a home, which has no relative paths. */
  readonly file: FileReference | null;
}

/**
 * A point to look at: a checkpoint of a run (null: its last one), a point origin + Σ_k coordinate_k d_k of a slice that is
 * held, a point of a search that the run keeps (by the name of the search and the number of the point), or the θ₀ of an
 * experiment.
 */
export type PointSource =
  | { readonly run: FileReference; readonly step: number | null }
  | { readonly run: FileReference; readonly planeId: string; readonly coordinates: readonly number[] }
  | { readonly run: FileReference; readonly search: string; readonly point: number }
  | { readonly experiment: ExperimentSource };

export interface BlockDescription {
  readonly name: string;
  readonly shape: readonly number[];
  readonly role: string;
}

/** What an experiment comes to once its data are loaded and its model is made. */
export interface ExperimentDescription {
  readonly experiment: Experiment;
  /** SHA-256 of the canonical experiment. */
  readonly hash: string;
  /** `64–32–10 tanh` for chains of dense layers, else the list of layers. */
  readonly architecture: string;
  readonly parameters: number;
  readonly blocks: readonly BlockDescription[];
  readonly examples: number;
  readonly testExamples: number | null;
  /** The loss as a formula. */
  readonly formula: string;
  readonly engine: string;
  readonly precision: 'float32' | 'float64';
  readonly optimizerFormula: string;
  /** `2/η` or how this optimiser's threshold is called; null where it has none. */
  readonly thresholdName: string | null;
  /** At the first learning rate. */
  readonly threshold: number | null;
}

/** Seconds of one evaluation each, measured here and now. */
export interface MeasuredCosts {
  readonly loss: number;
  readonly gradient: number;
  readonly product: number;
}

export interface RunSummary {
  readonly name: string;
  readonly yaml: string;
  readonly description: ExperimentDescription;
  readonly provenance: Provenance;
  /** Steps that have a checkpoint, ascending. */
  readonly checkpoints: readonly number[];
  /** Updates made so far. */
  readonly step: number;
  /** How the run stands: the last event of its folder, or `killed` where a process died over it. */
  readonly state: 'finished' | 'stopped' | 'diverged' | 'killed' | 'running elsewhere';
  /** Bytes of its records that were read; `readOn` goes on there. */
  readonly recordsEnd: number;
}

export type Records = readonly (TrainingRecord | RunRecord)[];

/** What is known of any point at once. */
export interface PointReading {
  readonly loss: number;
  /** Of the loss, over the examples. */
  readonly standardError: number;
  readonly examples: number;
  /** Share of misclassified examples; null where targets are not classes. */
  readonly error: number | null;
  readonly gradientNorm: number;
  readonly precision: 'float32' | 'float64';
  readonly engine: string;
}

/** A grid as far as it is computed: every 4th point first, then every 2nd, then all. */
export type PartialSlice = Omit<
  SliceDocument,
  'vectors' | 'status' | 'advice' | 'stats' | 'trajectory' | 'warnings'
> & {
  readonly trajectory: SliceDocument['trajectory'];
};

/** The path of a run on a plane that was computed before. */
export interface PathOnPlane {
  readonly steps: readonly number[];
  /** An array an axis. */
  readonly coordinates: readonly Float64Array[];
  /** ‖θ − its shadow on the plane‖, and ‖θ − the plane's origin‖. */
  readonly distance: Float64Array;
  readonly length: Float64Array;
  readonly trueLoss: Float64Array;
  readonly projectedLoss: Float64Array;
}

export type AnalysisId = 'spectrum' | 'slice' | 'overlap' | 'sampling' | 'structure' | 'modes' | 'saddles' | 'escape';

/** `keep` stores the result in the run folder; `kept` answers why it was not, or null. */
interface AnalysisMethod<Value> {
  params: {
    readonly source: PointSource;
    readonly parameters: Readonly<Record<string, unknown>>;
    readonly keep: boolean;
  };
  partial: never;
  value: Value & { readonly kept: string | null };
}

/** The slice as the page gets it: a name of its plane instead of two vectors of parameter length. */
export type ShownSlice = Omit<SliceDocument, 'vectors'> & { readonly planeId: string };

/** A search as the page gets it: θ of its points stay in the run. */
export type ShownSearch = Omit<SaddlesDocument, 'thetas'> & {
  /** By which `PointSource` names its points; null where the run does not keep it. */
  readonly search: string | null;
};

/**
 * Points that were judged since the last time. Every point of a search is told exactly once before its value, those first
 * that an earlier search has left; which of them are copies (`sameAs`) the value alone says.
 */
export interface SearchSoFar {
  readonly points: readonly SearchedPoint[];
  readonly starts: number;
}

export interface CheckItem {
  readonly outcome: 'passed' | 'failed' | 'undecided';
  readonly sentence: string;
}

export interface CheckReport {
  readonly items: readonly CheckItem[];
  /** Against the dense matrix, up to 3,000 parameters; null above. */
  readonly dense: { readonly eigenvalues: number; readonly largestError: number; readonly agrees: boolean } | null;
}

/** `surface` and `directions`: the two HDF5 files of loss-landscape; `h5`: ours. The others are named by their ending. */
export type SliceFileKind = 'csv' | 'npz' | 'h5' | 'vts' | 'vtp' | 'vti' | 'json' | 'surface' | 'directions';

/** A figure on paper, and what it is to be: see `PrintOptions`. */
export interface FigurePrint {
  readonly widthMm: number;
  /** Null: as the figure wants it. */
  readonly heightMm: number | null;
  readonly textPt: number;
  readonly titled: boolean;
  readonly background: 'white' | 'transparent';
}

/** Arrays for an .npz file, by name; row-major. */
export interface NamedArrays {
  readonly [name: string]: { readonly shape: readonly number[]; readonly data: Float64Array };
}

/** A landscape file, and the files of loss-landscape that belong to it. */
export interface LandscapeSource {
  readonly file: FileReference;
  readonly directions: FileReference | null;
  readonly projection: FileReference | null;
}

/** What a file that was taken for a landscape holds. Directions and projections belong beside a surface. */
export type ReadLandscape =
  /** Its directions in full stay in the file. */
  { readonly kind: 'landscape'; readonly landscape: LandscapeFile } | { readonly kind: 'directions' | 'projection' };

/** Every method: what it is given, what it says on the way, what it answers. */
export interface Methods {
  hello: {
    params: Record<string, never>;
    partial: never;
    value: { readonly version: string; readonly node: string; readonly cores: number; readonly workers: number };
  };
  /** Reads an experiment file or a run's experiment.yaml as text. */
  readExperiment: { params: { readonly file: FileReference }; partial: never; value: { readonly yaml: string } };
  /** A landscape of ours or of another tool, with what a direction file and a projection file of loss-landscape add to it. */
  readLandscape: {
    params: LandscapeSource;
    partial: never;
    value: ReadLandscape;
  };
  describe: { params: { readonly source: ExperimentSource }; partial: never; value: ExperimentDescription };
  measure: { params: { readonly source: PointSource }; partial: never; value: MeasuredCosts };
  /** Records come as partial values, oldest first. */
  openRun: { params: { readonly run: FileReference }; partial: Records; value: RunSummary };
  /** What another process has written to a run since: records as partial values, oldest first. */
  readOn: {
    params: { readonly run: FileReference; readonly from: number };
    partial: Records;
    value: Pick<RunSummary, 'checkpoints' | 'state' | 'recordsEnd'>;
  };
  /** How a run was made, as its folder says. */
  provenance: { params: { readonly run: FileReference }; partial: never; value: Provenance };
  /** Results that lie in a run folder: spectra by their steps, and the latest slice of each plane. */
  storedResults: {
    params: { readonly run: FileReference };
    partial: never;
    value: {
      readonly spectra: readonly SpectrumDocument[];
      readonly slices: readonly ShownSlice[];
      /** The latest of each kind, operator and step. */
      readonly overlaps: readonly OverlapDocument[];
      readonly samplings: readonly SamplingDocument[];
      readonly structures: readonly StructureDocument[];
      /** The latest. */
      readonly modes: readonly ModesDocument[];
      /** The latest of each finder and kind of starts. */
      readonly searches: readonly ShownSearch[];
    };
  };
  /** Steered by `steer` messages; `run` names a new folder, or an old one to be resumed. */
  train: {
    params: {
      readonly source: ExperimentSource;
      readonly run: FileReference;
      readonly start:
        | { readonly kind: 'new' }
        | { readonly kind: 'resume' }
        | { readonly kind: 'branch'; readonly from: FileReference; readonly step: number };
      /** Wanted seconds between two bursts of records. */
      readonly reportEvery?: number;
    };
    /** The description first, then bursts of records. A checkpoint is announced once it lies in the folder. */
    partial:
      | { readonly started: ExperimentDescription; readonly step: number }
      | { readonly records: Records }
      | { readonly checkpoint: number };
    value: RunOutcome;
  };
  spectrum: AnalysisMethod<SpectrumDocument>;
  overlap: AnalysisMethod<OverlapDocument>;
  sampling: AnalysisMethod<SamplingDocument>;
  structure: AnalysisMethod<StructureDocument>;
  modes: AnalysisMethod<ModesDocument>;
  /** Goes on with a search of the same parameters that was stopped before its end, where the run keeps one. */
  saddles: {
    params: {
      readonly source: PointSource;
      readonly parameters: Readonly<Record<string, unknown>>;
      readonly keep: boolean;
    };
    partial: SearchSoFar;
    value: ShownSearch & { readonly kept: string | null };
  };
  /** Paths are projected on the plane where one is named. */
  escape: {
    params: {
      readonly source: PointSource;
      readonly parameters: Readonly<Record<string, unknown>>;
      readonly planeId: string | null;
    };
    partial: never;
    value: Omit<EscapeDocument, 'ends'>;
  };
  /** A small world for a lesson. */
  simulate: { params: SimulationCall; partial: never; value: SimulationValue };
  readPoint: { params: { readonly source: PointSource }; partial: never; value: PointReading };
  /**
   * Of another point (`to`, `third`) a page names a step, `@50`, or the reference of a run before it; files of directions it
   * cannot name.
   */
  slice: {
    params: {
      readonly source: PointSource;
      readonly parameters: Readonly<Record<string, unknown>>;
      readonly keep: boolean;
    };
    partial: PartialSlice;
    value: ShownSlice & { readonly kept: string | null };
  };
  /** Checkpoints after `afterStep` on a plane that this process has computed or read. */
  pathOnPlane: {
    params: { readonly run: FileReference; readonly planeId: string; readonly afterStep: number };
    partial: never;
    value: PathOnPlane;
  };
  check: {
    params: { readonly source: PointSource; readonly spectrum: SpectrumDocument | null };
    partial: never;
    value: CheckReport;
  };
  renderFigure: {
    params: { readonly specification: Specification; readonly format: 'svg' | 'png'; readonly width: number };
    partial: never;
    value: { readonly bytes: Uint8Array };
  };
  packNpz: { params: { readonly arrays: NamedArrays }; partial: never; value: { readonly bytes: Uint8Array } };
  /** A landscape file in another form, with its directions in full where the form holds them. */
  landscapeFile: {
    params: LandscapeSource & { readonly kind: Exclude<SliceFileKind, 'directions'> };
    partial: never;
    value: { readonly bytes: Uint8Array; readonly announcements: readonly string[] };
  };
  /** A figure laid out for paper: SVG in millimetres with text as text, or a PNG that knows its resolution. */
  printFigure: {
    params: {
      readonly specification: Specification;
      readonly print: FigurePrint;
      readonly format: 'svg' | 'png';
      readonly dotsPerInch: number;
    };
    partial: never;
    value: { readonly bytes: Uint8Array; readonly widthMm: number; readonly heightMm: number };
  };
  /**
   * A slice that is held as a file, as the command line writes it. A surface and its directions need the run, whose model
   * gives the directions their shapes, and the name that the file with the directions has.
   */
  sliceFile: {
    params: {
      readonly run: FileReference;
      readonly planeId: string;
      readonly kind: SliceFileKind;
      readonly directionFile: string;
    };
    partial: never;
    value: { readonly bytes: Uint8Array; readonly announcements: readonly string[] };
  };
  /** Writes report.html into the run folder. */
  report: { params: { readonly run: FileReference }; partial: never; value: { readonly file: string } };
}

export type MethodName = keyof Methods;
