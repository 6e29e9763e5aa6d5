import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../core/bad-input.ts';
import { canonicalJson, type Experiment } from '../../core/experiment/experiment.ts';
import {
  checkpointName,
  type Provenance,
  type RunRecord,
  readMetrics,
  runFiles,
  type StoredExperiment,
  stepOfCheckpoint,
} from '../../core/experiment/run-folder.ts';
import type { NumericArray } from '../../core/formats/numeric-array.ts';
import { readSafetensors, type Safetensors, writeSafetensors } from '../../core/formats/safetensors.ts';
import { encodeRecord, type TrainingRecord } from '../../core/training/records.ts';
import { atomicWrite, removeStaleTemporaries } from './atomic-write.ts';

export const sha256 = (...parts: (Uint8Array | string)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

export const experimentHash = (experiment: Experiment): string => sha256(canonicalJson(experiment));

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

async function readJson<T>(file: string): Promise<T> {
  const text = await fs.readFile(file, 'utf8').catch(() => {
    throw new BadInput(`${file} is missing.`, 'Give the folder of a run that `saddlescope train` has written.');
  });
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new BadInput(`${file} is not JSON.`, 'It was changed by hand; restore it or train again.');
  }
}

/** What a start that was killed before its first step may have left: nothing that anyone could miss. */
const isLeftOver = (name: string): boolean =>
  [runFiles.experimentYaml, runFiles.provenance, runFiles.checkpoints, runFiles.results].some((known) =>
    name.startsWith(known),
  );

/** Makes the folder of a new run with what is known before the first step. A folder with a run in it is refused. */
export async function createRunFolder(
  folder: string,
  yaml: string,
  experiment: Experiment,
  provenance: Provenance,
): Promise<void> {
  const inside = await fs.readdir(folder).catch(() => [] as string[]);
  if (!inside.every(isLeftOver))
    throw new BadInput(
      `${folder} is not empty.`,
      'Give another folder with --out, or continue the run in it with --resume.',
    );
  await fs.mkdir(path.join(folder, runFiles.checkpoints), { recursive: true });
  await fs.mkdir(path.join(folder, runFiles.results), { recursive: true });
  await atomicWrite(path.join(folder, runFiles.experimentYaml), yaml);
  await atomicWrite(path.join(folder, runFiles.provenance), json(provenance));
  // Last: a folder with this file is a run.
  await writeStoredExperiment(folder, experiment);
}

/** experiment.json; written again where a resumed run is to be longer. */
export async function writeStoredExperiment(folder: string, experiment: Experiment): Promise<void> {
  const stored: StoredExperiment = { hash: experimentHash(experiment), experiment };
  await atomicWrite(path.join(folder, runFiles.experimentJson), json(stored));
}

export const isRunFolder = (folder: string): Promise<boolean> =>
  fs.access(path.join(folder, runFiles.experimentJson)).then(
    () => true,
    () => false,
  );

export const readStoredExperiment = (folder: string) =>
  readJson<StoredExperiment>(path.join(folder, runFiles.experimentJson));
export const readProvenance = (folder: string) => readJson<Provenance>(path.join(folder, runFiles.provenance));
export const readExperimentYaml = (folder: string) => fs.readFile(path.join(folder, runFiles.experimentYaml), 'utf8');

export async function readRunMetrics(folder: string): Promise<(TrainingRecord | RunRecord)[]> {
  return readMetrics(await fs.readFile(path.join(folder, runFiles.metrics), 'utf8').catch(() => ''));
}

/** metrics.jsonl, append-only. Lines are gathered and written at least every half second of work, so that writing costs nothing. */
export interface MetricsLog {
  append(record: TrainingRecord | RunRecord): void;
  flush(): void;
  close(): void;
}

export function openMetricsLog(folder: string): MetricsLog {
  const file = openSync(path.join(folder, runFiles.metrics), 'a');
  let waiting: string[] = [];
  let written = performance.now();
  const flush = () => {
    if (waiting.length > 0) writeSync(file, waiting.join(''));
    waiting = [];
    written = performance.now();
  };
  // A line torn by a kill must not swallow the first line of this process.
  writeSync(file, '\n');
  return {
    append(record) {
      waiting.push(`${record.record === 'run' ? JSON.stringify(record) : encodeRecord(record)}\n`);
      if (record.record === 'run' || performance.now() - written > 500) flush();
    },
    flush,
    close() {
      flush();
      fsyncSync(file);
      closeSync(file);
    },
  };
}

/** Steps that have a checkpoint, ascending. */
export async function checkpointSteps(folder: string): Promise<number[]> {
  const names = await fs.readdir(path.join(folder, runFiles.checkpoints)).catch(() => [] as string[]);
  return names
    .map(stepOfCheckpoint)
    .filter((step) => step !== null)
    .sort((a, b) => a - b);
}

export async function writeCheckpoint(
  folder: string,
  step: number,
  tensors: ReadonlyMap<string, NumericArray>,
  state: string,
): Promise<void> {
  const metadata = new Map([
    ['step', String(step)],
    ['layout', 'tensorflow'],
    ['state', state],
  ]);
  await atomicWrite(path.join(folder, runFiles.checkpoints, checkpointName(step)), writeSafetensors(tensors, metadata));
}

/** The checkpoint of a step; a step without one is refused with its nearest ones, never interpolated. */
export async function readCheckpoint(folder: string, step: number): Promise<Safetensors> {
  const steps = await checkpointSteps(folder);
  if (!steps.includes(step)) {
    const before = steps.filter((other) => other < step).pop();
    const after = steps.find((other) => other > step);
    const nearest = [before, after].filter((other) => other !== undefined).join(' and ');
    throw new BadInput(
      `Step ${step} has no checkpoint in ${folder}.`,
      nearest
        ? `The nearest ones are ${nearest}: give one of them with --at.`
        : 'The run has none yet: train it first.',
    );
  }
  return readSafetensors(await fs.readFile(path.join(folder, runFiles.checkpoints, checkpointName(step))));
}

/** What continues a run: vectors and everything else, as text. */
export interface ResumeState {
  readonly step: number;
  readonly vectors: ReadonlyMap<string, NumericArray>;
  readonly state: string;
}

/** Two files in turn: while one is replaced, the other is whole. */
export async function writeResume(folder: string, turn: number, resume: ResumeState): Promise<void> {
  const metadata = new Map([
    ['step', String(resume.step)],
    ['state', resume.state],
    ['sha256', sha256(resume.state)],
  ]);
  const name = runFiles.resume[turn % 2] ?? runFiles.resume[0];
  await atomicWrite(path.join(folder, name), writeSafetensors(resume.vectors, metadata));
}

/** The later of the two that can be read, and which of them the next write replaces. */
export async function readResume(folder: string): Promise<(ResumeState & { readonly nextTurn: number }) | null> {
  await removeStaleTemporaries(folder);
  await removeStaleTemporaries(path.join(folder, runFiles.checkpoints));
  const found = await Promise.all(runFiles.resume.map((name) => readOneResume(path.join(folder, name))));
  const best = found.reduce((a, b) => (b && (!a || b.step > a.step) ? b : a), null);
  return best && { ...best, nextTurn: found.indexOf(best) === 0 ? 1 : 0 };
}

async function readOneResume(file: string): Promise<ResumeState | null> {
  try {
    const { tensors, metadata } = readSafetensors(await fs.readFile(file));
    const state = metadata.get('state') ?? '';
    if (metadata.get('sha256') !== sha256(state)) return null;
    return { step: Number(metadata.get('step')), vectors: tensors, state };
  } catch {
    return null;
  }
}

/** Writes a result beside the run: `results/NAME`. */
export async function writeResult(folder: string, name: string, content: Uint8Array | string): Promise<string> {
  const file = path.join(folder, runFiles.results, name);
  await fs.mkdir(path.dirname(file), { recursive: true });
  await atomicWrite(file, content);
  return file;
}
