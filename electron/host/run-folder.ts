import { createHash } from 'node:crypto';
import { closeSync, fdatasyncSync, fstatSync, openSync, writeSync } from 'node:fs';
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
import { assetsFolder } from './assets-folder.ts';
import { atomicWrite, nameOfTemporary, removeTemporaries } from './atomic-write.ts';
import { diskProblem, makeFolder, writing } from './disk-problem.ts';
import { lockRun, type RunLock } from './run-lock.ts';

export const sha256 = (...parts: (Uint8Array | string)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

export const experimentHash = (experiment: Experiment): string => sha256(canonicalJson(experiment));

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const notARun = 'Give the folder of a run that `saddlescope train` has written.';
const changedByHand = 'It was changed by hand or damaged; restore it or train again.';

async function readText(file: string): Promise<string> {
  try {
    return await fs.readFile(file, 'utf8');
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new BadInput(`${file} is missing.`, notARun);
    throw new BadInput(`${file} cannot be read (${code}).`, 'Look after its rights and the disk.');
  }
}

async function readJson(file: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readText(file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BadInput(`${file} is not JSON.`, changedByHand);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new BadInput(`${file} is not a table of names and values.`, changedByHand);
  return value as Record<string, unknown>;
}

const [firstResume] = runFiles.resume;

/** The files of a start, in the order in which they are written. */
const filesOfStart: readonly string[] = [
  runFiles.lock,
  runFiles.provenance,
  runFiles.experimentYaml,
  runFiles.script,
  firstResume,
  runFiles.experimentJson,
];

/**
 * Whether a folder holds nothing but what a start leaves that was killed before it was a run: nothing that anyone could
 * miss. An experiment.yaml or a draw.py without the provenance that is written before them is somebody's own.
 */
async function holdsNothing(folder: string): Promise<boolean> {
  const inside = await fs.readdir(folder, { withFileTypes: true }).catch((problem: NodeJS.ErrnoException) => {
    if (problem.code === 'ENOENT') return [];
    throw diskProblem(problem, folder);
  });
  const names = inside.map(({ name }) => name);
  for (const entry of inside) {
    const { name } = entry;
    if (name === runFiles.checkpoints || name === runFiles.results) {
      if (!entry.isDirectory() || (await fs.readdir(path.join(folder, name))).length > 0) return false;
    } else if (!entry.isFile() || !filesOfStart.includes(nameOfTemporary(name) ?? name)) return false;
  }
  const begun = names.includes(runFiles.provenance);
  const own = [runFiles.experimentYaml, runFiles.script].some((name) => names.includes(name));
  return !names.includes(runFiles.experimentJson) && (begun || !own);
}

async function refuseUnlessFree(folder: string): Promise<void> {
  if (await holdsNothing(folder)) return;
  throw new BadInput(
    `${folder} is not empty.`,
    'Give another folder with --out, or continue the run in it with --resume.',
  );
}

/** What is known of a run before its first step. */
export interface NewRun {
  /** The experiment as its file gave it. */
  readonly yaml: string;
  readonly experiment: Experiment;
  readonly provenance: Provenance;
  /** The state at which training begins: a run that is killed before it has written another goes on from here. */
  readonly first: ResumeState;
}

/** Makes the folder of a new run and takes its lock. A folder with anything else in it is refused. */
export async function createRunFolder(folder: string, run: NewRun): Promise<RunLock> {
  await refuseUnlessFree(folder);
  await makeFolder(folder);
  const lock = await lockRun(folder);
  try {
    // Another process may have made its run here and ended meanwhile.
    await refuseUnlessFree(folder);
    await removeLeftOvers(folder);
    for (const inner of [runFiles.checkpoints, runFiles.results]) await makeFolder(path.join(folder, inner));
    await atomicWrite(path.join(folder, runFiles.provenance), json(run.provenance));
    await atomicWrite(path.join(folder, runFiles.experimentYaml), run.yaml);
    await atomicWrite(
      path.join(folder, runFiles.script),
      await fs.readFile(path.join(assetsFolder(), runFiles.script)),
    );
    await writeResume(folder, 0, run.first);
    // Last: a folder with this file is a run, and every run has a state to go on from.
    await writeStoredExperiment(folder, run.experiment);
    return lock;
  } catch (problem) {
    lock.release();
    throw problem;
  }
}

/** Temporary files that a killed process left in a run; only under its lock. Those of reports and results are left alone. */
export async function removeLeftOvers(folder: string): Promise<void> {
  const written = new Set([...filesOfStart, ...runFiles.resume]);
  await removeTemporaries(folder, (name) => written.has(name));
  await removeTemporaries(path.join(folder, runFiles.checkpoints), (name) => stepOfCheckpoint(name) !== null);
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

/** experiment.json, checked: what it says now is what was hashed when it was written. */
export async function readStoredExperiment(folder: string): Promise<StoredExperiment> {
  const file = path.join(folder, runFiles.experimentJson);
  const { hash, experiment } = await readJson(file);
  if (typeof hash !== 'string' || experiment === null || typeof experiment !== 'object')
    throw new BadInput(`${file} holds no experiment.`, changedByHand);
  const { format } = experiment as Partial<Experiment>;
  if (format !== 1)
    throw new BadInput(
      `${file} has the format ${JSON.stringify(format)}; this version reads format 1.`,
      'Use the version of saddlescope that wrote the run.',
    );
  if (experimentHash(experiment as Experiment) !== hash)
    throw new BadInput(`${file} is not the experiment that the run was started with: its hash differs.`, changedByHand);
  return { hash, experiment: experiment as Experiment };
}

const isData = (value: unknown): boolean =>
  value !== null && typeof value === 'object' && typeof (value as { sha256?: unknown }).sha256 === 'string';

export async function readProvenance(folder: string): Promise<Provenance> {
  const file = path.join(folder, runFiles.provenance);
  const found = await readJson(file);
  const whole = typeof found.baseFolder === 'string' && typeof found.experimentHash === 'string' && isData(found.train);
  if (!whole || (found.test !== null && !isData(found.test)))
    throw new BadInput(`${file} does not tell where the run comes from.`, changedByHand);
  return found as unknown as Provenance;
}

export const readExperimentYaml = (folder: string) => readText(path.join(folder, runFiles.experimentYaml));

export async function readRunMetrics(folder: string): Promise<(TrainingRecord | RunRecord)[]> {
  return readMetrics(await fs.readFile(path.join(folder, runFiles.metrics), 'utf8').catch(() => ''));
}

/** The records of the whole lines from a byte of metrics.jsonl on, and the byte where they end: where to read on later. */
export async function readMetricsFrom(
  folder: string,
  from: number,
): Promise<{ readonly records: (TrainingRecord | RunRecord)[]; readonly end: number }> {
  const handle = await fs.open(path.join(folder, runFiles.metrics)).catch(() => null);
  if (handle === null) return { records: [], end: from };
  try {
    const { size } = await handle.stat();
    const bytes = Buffer.alloc(Math.max(0, size - from));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
    const whole = bytes.subarray(0, bytes.lastIndexOf('\n', bytesRead - 1) + 1);
    return { records: readMetrics(whole.toString('utf8')), end: from + whole.length };
  } finally {
    await handle.close();
  }
}

/** metrics.jsonl, append-only. Lines are gathered and written at least every half second of work, so that writing costs nothing. */
export interface MetricsLog {
  append(record: TrainingRecord | RunRecord): void;
  /** Everything appended lies on the disk when this returns. */
  sync(): void;
  /** With `abandoned`, after a failure: what waits is given up where it cannot be written, and nothing is thrown. */
  close(abandoned?: 'abandoned'): void;
}

/** Writes all of it: a system may take a part only. */
function writeWhole(handle: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
}

export function openMetricsLog(folder: string): MetricsLog {
  const file = path.join(folder, runFiles.metrics);
  const told = <T>(action: () => T): T => {
    try {
      return action();
    } catch (problem) {
      throw diskProblem(problem, file);
    }
  };
  const handle = told(() => openSync(file, 'a'));
  // A line torn by a kill must not swallow the first line of this process.
  let waiting: string[] = fstatSync(handle).size > 0 ? ['\n'] : [];
  let written = performance.now();
  const flush = () => {
    const text = waiting.join('');
    waiting = [];
    told(() => writeWhole(handle, text));
    written = performance.now();
  };
  const sync = () => {
    flush();
    told(() => fdatasyncSync(handle));
  };
  return {
    append(record) {
      waiting.push(`${record.record === 'run' ? JSON.stringify(record) : encodeRecord(record)}\n`);
      if (record.record === 'run' || performance.now() - written > 500) flush();
    },
    sync,
    close(abandoned) {
      try {
        sync();
      } catch (problem) {
        if (!abandoned) throw problem;
      } finally {
        closeSync(handle);
      }
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

/** Deletes the checkpoints of steps that a resumed run makes again: they are of a trajectory that was lost. */
export async function removeCheckpointsAfter(folder: string, step: number): Promise<void> {
  for (const later of (await checkpointSteps(folder)).filter((other) => other > step)) {
    const file = path.join(folder, runFiles.checkpoints, checkpointName(later));
    await writing(file, () => fs.rm(file, { force: true }));
  }
}

/** What continues a run: vectors and everything else, as text. */
export interface ResumeState {
  readonly step: number;
  readonly vectors: ReadonlyMap<string, NumericArray>;
  readonly state: string;
}

/** Of everything that the state consists of. */
function resumeHash(turn: number, { step, vectors, state }: ResumeState): string {
  const parts: (Uint8Array | string)[] = [JSON.stringify([turn, step, state])];
  for (const [name, { dtype, shape, data }] of [...vectors].sort(([a], [b]) => (a < b ? -1 : 1)))
    parts.push(JSON.stringify([name, dtype, shape]), new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return sha256(...parts);
}

/** Two files in turn: while one is replaced, the other is whole. `turn` counts the states of a run, from 0. */
export async function writeResume(folder: string, turn: number, resume: ResumeState): Promise<void> {
  const metadata = new Map([
    ['turn', String(turn)],
    ['step', String(resume.step)],
    ['state', resume.state],
    ['sha256', resumeHash(turn, resume)],
  ]);
  const name = runFiles.resume[turn % 2] ?? firstResume;
  await atomicWrite(path.join(folder, name), writeSafetensors(resume.vectors, metadata));
}

/** A state as it was found, and the turn in which it was written. */
export interface FoundResume extends ResumeState {
  readonly turn: number;
}

/** The state that was written last, of those that can be read; by their turns, for two states may be of one step. */
export async function readResume(folder: string): Promise<FoundResume> {
  const found = await Promise.all(runFiles.resume.map((name) => readOneResume(path.join(folder, name))));
  const [first, ...others] = found.filter((resume) => resume !== null);
  if (first === undefined)
    throw new BadInput(
      `${folder} holds no state to go on from: ${runFiles.resume.join(' and ')} are missing or damaged.`,
      'Branch the run at its last checkpoint: saddlescope train RUN --at STEP --out NEW.',
    );
  return others.reduce((a, b) => (b.turn > a.turn ? b : a), first);
}

async function readOneResume(file: string): Promise<FoundResume | null> {
  try {
    const { tensors: vectors, metadata } = readSafetensors(await fs.readFile(file));
    const [turn, step] = [Number(metadata.get('turn')), Number(metadata.get('step'))];
    const resume = { step, vectors, state: metadata.get('state') ?? '' };
    return metadata.get('sha256') === resumeHash(turn, resume) ? { ...resume, turn } : null;
  } catch {
    return null;
  }
}

/** Writes a result beside the run: `results/NAME`. */
export async function writeResult(folder: string, name: string, content: Uint8Array | string): Promise<string> {
  const file = path.join(folder, runFiles.results, name);
  await makeFolder(path.dirname(file));
  await atomicWrite(file, content);
  return file;
}
