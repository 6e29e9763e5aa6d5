import type { IpcMain, IpcMainInvokeEvent, WebFrameMain } from 'electron';
import * as v from 'valibot';
import { BadInput } from '../../core/bad-input.ts';
import { bridgeChannel, type Refusal } from '../../core/protocol/bridge.ts';
import { type Answers, bridgeSchemas, type CallName } from './bridge-schemas.ts';
import type { LogFile } from './log-file.ts';
import { isOurPage } from './page-origin.ts';

/** The parts of a frame that tell who asks. */
export type Frame = Pick<WebFrameMain, 'parent' | 'url'>;

/** Why a frame may not ask; null where it may. A frame that is gone is null, and a stranger. */
export function senderProblem(frame: Frame | null): string | null {
  if (frame === null) return 'from a frame that is gone';
  if (frame.parent !== null) return 'from a frame inside the page';
  if (!isOurPage(frame.url)) return `from ${frame.url.slice(0, 200)}`;
  return null;
}

const misused: Refusal = { found: 'The page asked for something in the wrong way.', advice: 'Look into the log.' };

export interface HandleOptions {
  readonly ipcMain: Pick<IpcMain, 'handle'>;
  readonly log: LogFile;
  readonly answers: Answers;
}

/**
 * The only door between page and main: every call is checked for its sender and its shape before anything is done, and
 * what goes wrong comes back as two sentences, with the details in the log alone.
 */
export function handleBridge({ ipcMain, log, answers }: HandleOptions): void {
  for (const name of Object.keys(bridgeSchemas) as CallName[])
    ipcMain.handle(bridgeChannel(name), async (event: IpcMainInvokeEvent, ...given: unknown[]) => {
      // First of all: the frame may be gone after the first wait.
      const problem = senderProblem(event.senderFrame);
      if (problem !== null) {
        log.notice('sender', `${name} ${problem}`);
        return { refused: misused };
      }
      const checked = v.safeParse(bridgeSchemas[name], given);
      if (!checked.success) {
        log.notice('payload', `${name}: ${checked.issues[0].message}`);
        return { refused: misused };
      }
      try {
        const answer = answers[name] as (...given: unknown[]) => unknown;
        return { value: await answer(...checked.output) };
      } catch (fault) {
        return { refused: refusal(name, fault, log) };
      }
    });
}

function refusal(name: string, fault: unknown, log: LogFile): Refusal {
  if (fault instanceof BadInput) return { found: fault.found, advice: fault.advice };
  log.write('error', name, fault instanceof Error ? (fault.stack ?? fault.message) : String(fault));
  return { found: `The app failed at “${name}”.`, advice: 'Try again, and look into the log.' };
}
