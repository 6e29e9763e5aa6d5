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
      const block = lines.map((line) => `\u001b[2K${line}\n`).join('');
      // The cursor is hidden while the lines change, and each is cleared to its end: nothing blinks. Wrapping is off, so
      // that a line too long for the screen is cut and the block keeps its height.
      stream.write(`\u001b[?25l\u001b[?7l${up}${block}\u001b[?7h\u001b[?25h`);
      height = lines.length;
    },
    end() {
      height = 0;
    },
  };
}
