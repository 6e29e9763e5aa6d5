import { decodeRecord, type TrainingRecord } from '../training/records.ts';
import type { Experiment } from './experiment.ts';

/**
 * The run folder is the truth about a run, readable with any tool:
 *
 *     experiment.yaml        as it was given          provenance.json   versions, engine, seeds, hashes of the data
 *     experiment.json        canonical, with hash     metrics.jsonl     one record a line, append-only
 *     checkpoints/step-N.safetensors                  the trajectory: one tensor a block of θ
 *     resume-a.safetensors, resume-b.safetensors      alternating: θ, optimiser, generators, counters
 *     run.lock               while a process writes the run: which
 *     results/…              spectra and slices       report.html       the same for people
 *     draw.py                ten lines of NumPy that draw the newest slice again
 */
export const runFiles = {
  experimentYaml: 'experiment.yaml',
  experimentJson: 'experiment.json',
  provenance: 'provenance.json',
  metrics: 'metrics.jsonl',
  checkpoints: 'checkpoints',
  resume: ['resume-a.safetensors', 'resume-b.safetensors'],
  results: 'results',
  lock: 'run.lock',
  report: 'report.html',
  script: 'draw.py',
} as const;

export const checkpointName = (step: number): string => `step-${step}.safetensors`;

/** The step of a checkpoint's file name, or null for any other file. */
export function stepOfCheckpoint(name: string): number | null {
  const match = /^step-(\d+)\.safetensors$/.exec(name);
  return match ? Number(match[1]) : null;
}

/** What stands for the name of its data where a function has none. */
export const noData = 'none';

export interface DataProvenance {
  readonly name: string;
  readonly source: string;
  readonly examples: number;
  /** SHA-256 of inputs and targets as they are used. */
  readonly sha256: string;
}

/** Where a branch left another run. */
export interface BranchPoint {
  /** The name of its folder, without the path. */
  readonly folder: string;
  readonly experimentHash: string;
  readonly step: number;
}

export interface Provenance {
  readonly saddlescope: string;
  readonly experimentHash: string;
  readonly startedAt: string;
  readonly command: string;
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  readonly cores: number;
  readonly tfjs: string | null;
  readonly engine: string;
  readonly precision: 'float32' | 'float64';
  /** The folder that relative paths of the experiment start from. */
  readonly baseFolder: string;
  readonly seed: number;
  readonly parameters: number;
  readonly train: DataProvenance;
  readonly test: DataProvenance | null;
  /** Null for a run that began at its own θ₀. */
  readonly branchedFrom: BranchPoint | null;
}

/** experiment.json */
export interface StoredExperiment {
  readonly hash: string;
  readonly experiment: Experiment;
}

/** What happened to the run as a whole, between the records of its steps (see core/training/records.ts). */
export interface RunRecord {
  readonly record: 'run';
  readonly event: 'started' | 'resumed' | 'stopped' | 'finished' | 'diverged';
  readonly step: number;
  readonly at: string;
  readonly details?: string;
}

/**
 * The records that count, from metrics.jsonl. A resumed run begins again at a step that it had passed, so what earlier
 * lines say of later steps was lost with the process that wrote them. A torn line (killed while writing) is left out.
 */
export function readMetrics(text: string): (TrainingRecord | RunRecord)[] {
  let records: (TrainingRecord | RunRecord)[] = [];
  let resumedAt = -1;
  for (const line of text.split('\n')) {
    const record = readLine(line);
    if (record === null) continue;
    if (record.record === 'run' && record.event === 'resumed') {
      resumedAt = record.step;
      records = records.filter((earlier) => isBefore(earlier, resumedAt));
    } else if (record.step === resumedAt) {
      const again = identity(record);
      if (again !== null) records = records.filter((earlier) => identity(earlier) !== again);
    }
    records.push(record);
  }
  return records;
}

/** The update from step R is made again by a run that resumes at R; what was measured at R stays measured … */
function isBefore(record: TrainingRecord | RunRecord, resumedAt: number): boolean {
  if (record.record === 'run') return true;
  return record.record === 'step' ? record.step < resumedAt : record.step <= resumedAt;
}

/** … unless it is measured there again: what can be said only once of a step, or null. */
function identity(record: TrainingRecord | RunRecord): string | null {
  if (record.record === 'probe') return `${record.kind} ${record.step}`;
  return record.record === 'event' && record.event === 'stopCondition'
    ? `${record.event} ${record.quantity} ${record.step}`
    : null;
}

const runRecord = (parsed: Partial<RunRecord>): RunRecord | null =>
  Number.isInteger(parsed.step) && typeof parsed.event === 'string' ? (parsed as RunRecord) : null;

function readLine(line: string): TrainingRecord | RunRecord | null {
  try {
    const parsed = JSON.parse(line);
    return parsed?.record === 'run' ? runRecord(parsed) : decodeRecord(line);
  } catch {
    return null;
  }
}
