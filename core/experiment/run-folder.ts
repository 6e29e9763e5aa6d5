import type { Experiment } from './experiment.ts';

/**
 * The run folder is the truth about a run, readable with any tool:
 *
 *     experiment.yaml        as it was given          provenance.json   versions, engine, seeds, hashes of the data
 *     experiment.json        canonical, with hash     metrics.jsonl     one record a line, append-only
 *     checkpoints/step-N.safetensors                  the trajectory: one tensor a block of θ
 *     resume-a.safetensors, resume-b.safetensors      alternating: θ, optimiser, generators, counters
 *     results/…              spectra and slices       report.html       the same for people
 */
export const runFiles = {
  experimentYaml: 'experiment.yaml',
  experimentJson: 'experiment.json',
  provenance: 'provenance.json',
  metrics: 'metrics.jsonl',
  checkpoints: 'checkpoints',
  resume: ['resume-a.safetensors', 'resume-b.safetensors'],
  results: 'results',
  report: 'report.html',
} as const;

export const checkpointName = (step: number): string => `step-${step}.safetensors`;

/** The step of a checkpoint's file name, or null for any other file. */
export function stepOfCheckpoint(name: string): number | null {
  const match = /^step-(\d+)\.safetensors$/.exec(name);
  return match ? Number(match[1]) : null;
}

export interface DataProvenance {
  readonly name: string;
  readonly source: string;
  readonly examples: number;
  /** SHA-256 of inputs and targets as they are used. */
  readonly sha256: string;
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
  readonly seed: number;
  readonly parameters: number;
  readonly train: DataProvenance;
  readonly test: DataProvenance | null;
}

/** experiment.json */
export interface StoredExperiment {
  readonly hash: string;
  readonly experiment: Experiment;
}

/** Something that happened to a run, between the records of its steps. */
export interface RunEvent {
  readonly type: 'event';
  readonly event: 'started' | 'resumed' | 'stopped' | 'finished' | 'learningRate' | 'branched';
  readonly step: number;
  readonly at: string;
  readonly details?: string;
}

/**
 * The records that count: a resumed run begins again at a step that it had passed, so what earlier lines say of later
 * steps was lost with the process that wrote them. A torn last line (killed while writing) is left out.
 */
export function readMetrics(text: string): Record<string, unknown>[] {
  const records: Record<string, unknown>[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    let record: Record<string, unknown>;
    try {
      record = JSON.parse(line);
    } catch {
      continue;
    }
    if (record.type === 'event' && record.event === 'resumed') {
      const from = Number(record.step);
      while (records.length > 0 && Number(records[records.length - 1]?.step) > from) records.pop();
    }
    records.push(record);
  }
  return records;
}
