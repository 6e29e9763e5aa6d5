import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createRunControl, type RunCommand } from '../../../../core/training/run-control.ts';
import { holdsTerminal, isWatched, steerByKeys } from '../../../../electron/cli/terminal/run-keys.ts';

function keyboard() {
  const listeners = new Set<(bytes: Uint8Array) => void>();
  return {
    raw: [] as boolean[],
    reading: false,
    setRawMode(raw: boolean) {
      this.raw.push(raw);
    },
    resume() {
      this.reading = true;
    },
    pause() {
      this.reading = false;
    },
    on: (_: 'data', listener: (bytes: Uint8Array) => void) => listeners.add(listener),
    off: (_: 'data', listener: (bytes: Uint8Array) => void) => listeners.delete(listener),
    press(keys: string) {
      for (const listener of listeners) listener(new TextEncoder().encode(keys));
    },
  };
}

const taken = (control: ReturnType<typeof createRunControl>): RunCommand[] => {
  const commands: RunCommand[] = [];
  for (let command = control.take(); command; command = control.take()) commands.push(command);
  return commands;
};

describe('keys', () => {
  test('p pauses and resumes in turn, the space bar makes one step and leaves the run paused, q stops', () => {
    const keys = keyboard();
    const control = createRunControl();
    steerByKeys(
      keys,
      control,
      () => 1,
      () => {},
    );
    keys.press('pp p');
    expect(taken(control).map(({ command }) => command)).toEqual(['pause', 'resume', 'step', 'resume']);
    keys.press('xq');
    expect(taken(control)).toEqual([{ command: 'stop' }]);
  });

  test('+ and − change the learning rate that holds now by a tenth', () => {
    const keys = keyboard();
    const control = createRunControl();
    let learningRate = 0.1;
    steerByKeys(
      keys,
      control,
      () => learningRate,
      () => {},
    );
    keys.press('+');
    learningRate = 0.5;
    keys.press('-');
    const rates = taken(control).map((command) => ('learningRate' in command ? command.learningRate : Number.NaN));
    expect(rates[0]).toBeCloseTo(0.11, 12);
    expect(rates[1]).toBeCloseTo(0.5 / 1.1, 12);
  });

  test('^C interrupts each time, and after release nothing is read and the terminal is as before', () => {
    const keys = keyboard();
    const control = createRunControl();
    let interrupts = 0;
    const release = steerByKeys(
      keys,
      control,
      () => 1,
      () => interrupts++,
    );
    expect([keys.raw, keys.reading]).toEqual([[true], true]);
    keys.press('\u0003');
    keys.press('\u0003');
    expect(interrupts).toBe(2);
    expect(taken(control)).toEqual([]);
    release();
    expect([keys.raw, keys.reading]).toEqual([[true, false], false]);
    keys.press('q\u0003');
    expect([interrupts, taken(control)]).toEqual([2, []]);
  });

  test('a terminal that has gone is no reason to end the run', () => {
    const gone = {
      ...keyboard(),
      setRawMode() {
        throw new Error('setRawMode EIO');
      },
    };
    expect(() =>
      steerByKeys(
        gone,
        createRunControl(),
        () => 1,
        () => {},
      )(),
    ).not.toThrow();
    expect(gone.reading).toBe(false);
  });

  test('are read only where both streams are terminals and the process group holds the terminal', () => {
    expect(isWatched({ isTTY: true }, {})).toBe(false);
    expect(isWatched({}, { isTTY: true })).toBe(false);
    expect(holdsTerminal('17 (node) S 1 17 17 34816 17 4194304')).toBe(true);
    expect(holdsTerminal('17 (node) S 1 17 12 34816 12 4194304')).toBe(false);
    expect(holdsTerminal('17 (a) b 1 2 3 4 5 (c) S 1 17 17 34816 17 4194304')).toBe(true);
    expect(holdsTerminal('17 (node) S 1 17 17 0 -1 4194304')).toBe(false);
  });

  test.runIf(process.platform === 'linux')('the fields are where Linux writes them (Linux only)', () => {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    expect(Number(parent)).toBe(process.ppid);
  });
});
