interface Stream {
  write(text: string): unknown;
}

/** A block of lines that is drawn again in its place: only on terminals. */
export interface LiveFrame {
  draw(lines: readonly string[]): void;
  /** Leaves the last lines standing. */
  end(): void;
}

export function liveFrame(stream: Stream): LiveFrame {
  let height = 0;
  return {
    draw(lines) {
      const up = height > 0 ? `\u001b[${height}A` : '';
      // The cursor is hidden while the lines change, and each is cleared to its end: nothing blinks.
      stream.write(`\u001b[?25l${up}${lines.map((line) => `\u001b[2K${line}\n`).join('')}\u001b[?25h`);
      height = lines.length;
    },
    end() {
      height = 0;
    },
  };
}
