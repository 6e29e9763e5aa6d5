/** Where progress goes: standard error, one line rewritten on a terminal, a line every ten seconds elsewhere. */
export interface ProgressLine {
  update(done: number, total: number, unit: string, details: string): void;
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
  const live = stream.isTTY === true;
  let first: number | null = null;
  let lastShown = Number.NEGATIVE_INFINITY;
  const clear = live ? '\r\u001b[2K' : '';
  return {
    update(done, total, unit, details) {
      first ??= done;
      const at = now();
      const finished = done >= total;
      if (at - lastShown < (live ? 80 : 10_000) && !finished) return;
      lastShown = at;
      const share = total > 0 ? done / total : 1;
      const elapsed = (at - started) / 1000;
      const left = done > first ? (elapsed * (total - done)) / (done - first) : Number.NaN;
      const bar = live ? `${'█'.repeat(Math.round(share * 20))}${'░'.repeat(20 - Math.round(share * 20))} ` : '';
      const eta = finished ? `in ${seconds(elapsed)}` : Number.isFinite(left) ? `${seconds(left)} left` : '';
      const text = `${bar}${done}/${total} ${unit}  ${details}  ${eta}`;
      const fitted = live && stream.columns ? text.slice(0, stream.columns - 1) : text;
      stream.write(live ? `${clear}${fitted}` : `${fitted}\n`);
    },
    say(line) {
      stream.write(`${clear}${line}\n`);
    },
    end() {
      if (live) stream.write('\n');
    },
  };
}
