import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Greeting, Request } from './protocol.ts';

/** A program that competes: a process that waits for requests, so that contestants can take turns. */
export interface Contestant extends Greeting {
  /** Its column: `JAX`, `native` … */
  readonly column: string;
  ask<T>(request: Request): Promise<T>;
  end(): void;
}

export interface Start {
  readonly column: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Pins the process to these processors; empty where processes cannot be pinned. */
  readonly processors: readonly number[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts it; its first line greets or says why it cannot take part, which is thrown. */
export async function startContestant({ column, program, args, processors, environment }: Start): Promise<Contestant> {
  const [command, ...rest] =
    processors.length === 0 ? [program, ...args] : ['taskset', '-c', processors.join(), program, ...args];
  const child: ChildProcess = spawn(command!, rest, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let said = '';
  child.stderr!.on('data', (chunk) => (said = `${said}${chunk}`.slice(-2000)));
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${column} ended with code ${code}. ${said.trim()}`)));
  });
  ended.catch(() => undefined);
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const next = async (): Promise<Record<string, unknown>> => {
    const line = await Promise.race([lines.next(), ended]);
    const reply = JSON.parse(String(line.value));
    if (typeof reply.problem === 'string') throw new Error(reply.problem);
    return reply;
  };
  const end = () => void child.stdin!.end();
  try {
    const greeting = (await next()) as unknown as Greeting;
    return {
      ...greeting,
      column,
      async ask<T>(request: Request) {
        child.stdin!.write(`${JSON.stringify(request)}\n`);
        return (await next()) as T;
      },
      end,
    };
  } catch (problem) {
    end();
    throw problem;
  }
}
