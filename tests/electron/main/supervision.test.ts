import { describe, expect, test } from 'vitest';
import { readComputeMessage } from '../../../electron/main/compute-messages.ts';
import { endInWords, lastWords } from '../../../electron/main/end-reason.ts';
import { beat, firstPulse, look, type Pulse } from '../../../electron/main/heartbeat.ts';
import { afterEnd } from '../../../electron/main/restart-schedule.ts';

const second = 1000;
const minute = 60 * second;

describe('what follows the end of the process', () => {
  const atOnce = { restart: true, inSeconds: 0 };
  const soon = { restart: true, inSeconds: 1 };
  const later = { restart: true, inSeconds: 5 };
  const never = { restart: false };
  test.each([
    { title: 'the first end', ends: [0], next: atOnce },
    { title: 'a second one within ten minutes', ends: [0, 5 * minute], next: soon },
    { title: 'a third one, not within two minutes', ends: [0, 90 * second, 150 * second], next: later },
    { title: 'a fourth one, always 61 s apart', ends: [0, 61, 122, 183].map((s) => s * second), next: later },
    { title: 'three within two minutes', ends: [0, minute, 2 * minute], next: never },
    { title: 'three at once', ends: [7, 7, 7], next: never },
    { title: 'three within two minutes after a long quiet', ends: [0, 60, 61, 62].map((m) => m * minute), next: never },
    { title: 'a second one after a long quiet', ends: [0, 60, 61].map((m) => m * minute), next: soon },
    { title: 'an end long after others', ends: [0, minute, 30 * minute], next: atOnce },
    { title: 'three in a row after a lonely one', ends: [0, 9 * minute, 9 * minute + 1, 9 * minute + 2], next: never },
  ])('$title', ({ ends, next }) => expect(afterEnd(ends)).toEqual(next));
});

describe('the pulse', () => {
  /** Looks once a second, as main does; answers when it was called hung, in seconds. */
  const hungAfter = (pulse: Pulse, seconds: number): number | null => {
    let now = pulse;
    for (let at = 1; at <= seconds; at++) {
      const seen = look(now, at * second);
      if (seen.hungSeconds !== null) return at;
      now = seen.pulse;
    }
    return null;
  };

  test('silence of 15 s at work is a hang; idle or starting, of a minute', () => {
    expect(hungAfter(beat(true, 0), 100)).toBe(16);
    expect(hungAfter(beat(false, 0), 100)).toBe(61);
    expect(hungAfter(firstPulse(0), 100)).toBe(61);
  });

  test('a process that beats is never hung', () => {
    let pulse = beat(true, 0);
    for (let at = 1; at < 10_000; at++) {
      const seen = look(pulse, at * second);
      expect(seen.hungSeconds).toBeNull();
      pulse = at % 14 === 0 ? beat(true, at * second) : seen.pulse;
    }
  });

  test('the sleep of the machine is not taken for silence', () => {
    const asleep = look(beat(true, 0), 8 * 60 * minute);
    expect(asleep.hungSeconds).toBeNull();
    expect(look(asleep.pulse, 8 * 60 * minute + second).hungSeconds).toBeNull();
  });

  test('the silence is told in seconds', () => {
    let pulse = beat(true, 0);
    for (let at = 1; at <= 15; at++) ({ pulse } = look(pulse, at * second));
    expect(look(pulse, 16 * second).hungSeconds).toBe(16);
  });
});

describe('an end in words', () => {
  test.each([
    [9, 'killed', 'was ended by the signal SIGKILL'],
    [9, null, 'was ended by the signal SIGKILL'],
    [11, 'crashed', 'was ended by the signal SIGSEGV'],
    [6, 'crashed', 'was aborted (SIGABRT), as happens when memory runs out'],
    [1, 'abnormal-exit', 'ended with code 1'],
    [1, null, 'ended with code 1'],
    [70, 'abnormal-exit', 'ended with code 70'],
    [0, 'clean-exit', 'ended without a reason'],
    [0, null, 'ended without a reason'],
    [-1, 'oom', 'ran out of memory'],
    [1003, 'launch-failed', 'could not be started'],
  ])('code %s, %s', (code, reason, words) => expect(endInWords(code, reason)).toBe(words));

  test('the last words are the last line that is no line of a stack', () => {
    expect(lastWords('a\nRangeError: too large\n    at f (x.js:1:2)\n    at g (y.js:3:4)\n\n')).toBe(
      'RangeError: too large',
    );
    expect(lastWords('')).toBe('');
    expect(lastWords('x'.repeat(5000))).toHaveLength(300);
  });
});

test('only messages of the known kinds and shapes are taken from the process that computes', () => {
  for (const good of [
    { kind: 'ready' },
    { kind: 'heartbeat', busy: true },
    { kind: 'log', level: 'error', text: 'it broke' },
  ])
    expect(readComputeMessage(good)).toEqual(good);
  for (const bad of [
    null,
    undefined,
    1,
    'ready',
    [],
    {},
    { kind: 'heartbeat' },
    { kind: 'heartbeat', busy: 1 },
    { kind: 'grant', reference: 'a', path: '/' },
    { kind: 'log', level: 'fatal', text: '' },
    { kind: 'log', level: 'info', text: 3 },
    { kind: 'log', level: 'info', text: 'x'.repeat(100_001) },
    { kind: 'toString' },
    { kind: '__proto__' },
  ])
    expect(readComputeMessage(bad)).toBeNull();
});
