import fs from 'node:fs';
import path from 'node:path';

const sizeLimit = 1_000_000;
const lineLimit = 20_000;
const noticeMs = 1_000;

export type Level = 'info' | 'error';

/** A line about something refused; of each kind at most one a second is written, with how many there were. */
export type Notice = (kind: string, text: string) => void;

/** The log of this app: two files, the older one put aside when the newer one is full. Never throws. */
export interface LogFile {
  readonly file: string;
  write(level: Level, source: string, text: string): void;
  readonly notice: Notice;
}

/** Control characters are written as escapes: a log is read in terminals. */
const printable = (text: string): string =>
  text
    .slice(0, lineLimit)
    .split('\n')
    .map((line) => line.replace(/\p{Cc}/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`))
    .join('\n  ');

export function openLog(folder: string, now: () => number = Date.now): LogFile {
  const file = path.join(folder, 'saddlescope.log');
  const older = path.join(folder, 'saddlescope.1.log');
  const seen = new Map<string, { at: number; more: number }>();
  let size = sizeNow(file);
  const write = (level: Level, source: string, text: string): void => {
    const line = `${new Date(now()).toISOString()} ${level} ${source}: ${printable(text)}\n`;
    try {
      fs.mkdirSync(folder, { recursive: true });
      if (size + line.length > sizeLimit) {
        // Somebody may have removed it meanwhile.
        if (fs.existsSync(file)) fs.renameSync(file, older);
        size = 0;
      }
      fs.appendFileSync(file, line);
      size += Buffer.byteLength(line);
    } catch {
      // A log that cannot be written must not stop what it tells about.
    }
  };
  const notice: Notice = (kind, text) => {
    const last = seen.get(kind);
    if (last && now() - last.at < noticeMs) {
      last.more++;
      return;
    }
    write('info', 'refused', last?.more ? `${text} (and ${last.more} of this kind before)` : text);
    seen.set(kind, { at: now(), more: 0 });
  };
  return { file, write, notice };
}

function sizeNow(file: string): number {
  try {
    return fs.statSync(file).size;
  } catch {
    return 0;
  }
}
