/** Where progress goes: standard error, one line rewritten on a terminal, a line every ten seconds elsewhere. */
export interface ProgressLine {
  update(done: number, total: number, unit: string, details: string): void;
  /** The line itself, for a frame that draws it. */
  text(done: number, total: number, unit: string, details: string): string;
  /** A line that stays, above the progress. */
  say(line: string): void;
  end(): void;
}

const seconds = (s: number): string =>
  s < 60 ? `${Math.ceil(s)} s` : `${Math.floor(s / 60)} min ${String(Math.round(s % 60)).padStart(2, '0')} s`;

interface Stream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** The remaining time is the elapsed time times what is left over what is done, measured over the present run only. */
export function progressLine(stream: Stream, now: () => number = () => performance.now()): ProgressLine {
  const started = now();
  const live = stream.isTTY === true && process.env.TERM !== 'dumb';
  let first: number | null = null;
  let lastShown = Number.NEGATIVE_INFINITY;
  const clear = live ? '\r\u001b[2K' : '';
  const text = (done: number, total: number, unit: string, details: string): string => {
    first ??= done;
    const share = total > 0 ? done / total : 1;
    const elapsed = (now() - started) / 1000;
    const left = done > first ? (elapsed * (total - done)) / (done - first) : Number.NaN;
    const bar = live ? `${'█'.repeat(Math.round(share * 20))}${'░'.repeat(20 - Math.round(share * 20))} ` : '';
    const eta = done >= total ? `in ${seconds(elapsed)}` : Number.isFinite(left) ? `${seconds(left)} left` : '';
    const line = `${bar}${done}/${total} ${unit}  ${eta}  ${details}`;
    return live && stream.columns ? line.slice(0, stream.columns - 1) : line;
  };
  return {
    text,
    update(done, total, unit, details) {
      const at = now();
      if (at - lastShown < (live ? 80 : 10_000) && done < total) return;
      lastShown = at;
      const line = text(done, total, unit, details);
      stream.write(live ? `${clear}${line}` : `${line}\n`);
    },
    say(line) {
      stream.write(`${clear}${line}\n`);
    },
    end() {
      if (live) stream.write('\n');
    },
  };
}
