import { type ChildProcess, fork } from 'node:child_process';
import * as v from 'valibot';
import { BadInput } from '../../core/bad-input.ts';
import type { EngineProgress, EngineReport } from '../../core/protocol/engines.ts';
import type { EngineTask, FromEngineProcess, ToEngineProcess } from '../engine/messages.ts';
import type { LogFile } from './log-file.ts';

/** Of what the process says on its error stream, in all. */
const keptSaid = 20_000;

/** What installs, chooses and removes engines: a process of its own for each task. */
export interface EngineProcess {
  look(): Promise<EngineReport>;
  /** One at a time, BadInput for another; null where it was given up, and nothing has changed then. */
  change(task: EngineTask, onProgress: (progress: EngineProgress) => void): Promise<EngineReport | null>;
  /** Gives up what is under way; `change` answers once nothing of it is left. */
  cancel(): void;
  /** The same, and settles when it has ended; after `patienceMs` the process is left to end by itself. */
  end(patienceMs: number): Promise<void>;
}

const number = v.pipe(v.number(), v.finite(), v.minValue(0));
const text = (length: number) => v.pipe(v.string(), v.maxLength(length));

const progress = v.object({
  phase: v.picklist(['read', 'download', 'unpack', 'compile', 'verify']),
  done: number,
  total: number,
  unit: v.picklist(['MB', 'steps']),
  of: v.optional(text(200)),
});

const row = v.object({
  ...{ name: text(200), version: text(100), gpu: v.boolean(), active: v.boolean(), usable: v.boolean() },
  ...{ sizeBytes: number, checkedAt: text(100), results: number, worstFloat32: number, worstFloat64: number },
  threads: number,
  gpus: v.array(v.object({ name: text(200), memoryBytes: number })),
});

const report = v.object({
  engines: v.array(row),
  cards: v.array(text(500)),
  ...{ hasGpu: v.boolean(), whyNoGpu: v.nullable(text(2_000)), whyNoInstallation: v.nullable(text(2_000)) },
  platform: text(100),
});

/** It reads wheels from anywhere, so that its word is checked like the page's. */
const fromEngine: v.GenericSchema<unknown, FromEngineProcess> = v.union([
  v.object({ progress }),
  v.object({ report }),
  v.object({ refused: v.object({ found: text(4_000), advice: text(4_000) }) }),
  v.object({ cancelled: v.literal(true) }),
]);

export interface EngineProcessOptions {
  readonly script: string;
  readonly log: Pick<LogFile, 'write'>;
}

export function engineProcess({ script, log }: EngineProcessOptions): EngineProcess {
  let changing: { readonly child: ChildProcess; readonly ended: Promise<unknown> } | null = null;

  function begin(task: EngineTask, onProgress: (progress: EngineProgress) => void) {
    // Electron is to be Node here, which the process then tells those that it starts.
    const child = fork(script, [], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    let said = '';
    child.stderr?.on('data', (data: Buffer) => {
      said = (said + data.toString()).slice(0, keptSaid);
    });
    let last: Exclude<FromEngineProcess, { progress: EngineProgress }> | null = null;
    child.on('message', (message) => {
      const read = v.safeParse(fromEngine, message);
      if (!read.success) log.write('error', 'engine', 'A message of the process for engines is none of ours.');
      else if ('progress' in read.output) onProgress(read.output.progress);
      else last = read.output;
    });
    const ended = new Promise<EngineReport | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        if (said.trim() !== '') log.write('error', 'engine', said.trim());
        if (last === null)
          reject(
            new BadInput(
              `The process that was to do it ended (${signal ?? `code ${code}`}).`,
              'Try again; what was in use stays so.',
            ),
          );
        else if ('report' in last) resolve(last.report);
        else if ('refused' in last) reject(new BadInput(last.refused.found, last.refused.advice));
        else resolve(null);
      });
    });
    tell(child, { task });
    return { child, ended };
  }

  const cancel = () => {
    if (changing?.child.connected) tell(changing.child, { cancel: true });
  };

  return {
    async look() {
      const found = await begin({ kind: 'look' }, () => {}).ended;
      if (found === null) throw new BadInput('Looking for engines was stopped.', 'Look again.');
      return found;
    },
    async change(task, onProgress) {
      if (changing !== null)
        throw new BadInput('An engine is being installed or removed already.', 'Wait until that has ended.');
      log.write('info', 'engine', JSON.stringify(task));
      const begun = begin(task, onProgress);
      changing = begun;
      try {
        return await begun.ended;
      } finally {
        changing = null;
      }
    },
    cancel,
    async end(patienceMs) {
      if (changing === null) return;
      const ended = changing.ended.catch(() => {});
      cancel();
      await Promise.race([ended, new Promise<void>((resolve) => setTimeout(resolve, patienceMs).unref())]);
    },
  };
}

const tell = (child: ChildProcess, message: ToEngineProcess): void => {
  // It may have ended a moment ago, which is told elsewhere.
  child.send(message, () => {});
};
