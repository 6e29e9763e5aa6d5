import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkpointName, type RunRecord, readMetrics, stepOfCheckpoint } from '../../../core/experiment/run-folder.ts';
import { encodeRecord, type TrainingRecord } from '../../../core/training/records.ts';

const step = (at: number): TrainingRecord => ({
  record: 'step',
  step: at,
  epoch: at,
  batch: 0,
  examples: 10,
  loss: 1 / (1 + at),
  gradientNorm: 0.5,
  learningRate: 0.1,
  time: 0.1 * at,
  seconds: 0,
  status: null,
});
const probe = (at: number): TrainingRecord => ({
  record: 'probe',
  kind: 'sharpness',
  step: at,
  askedAt: at,
  status: 'converged',
  examples: 10,
  subset: false,
  products: 8,
  gradients: 0,
  losses: 0,
  seconds: 0,
  value: 10 + at,
  residual: 1e-4,
  threshold: at % 2 ? Number.POSITIVE_INFINITY : 20,
});
const run = (event: RunRecord['event'], at: number): RunRecord => ({
  record: 'run',
  event,
  step: at,
  at: '2024-01-01T00:00:00Z',
});
const line = (record: TrainingRecord | RunRecord) =>
  `${record.record === 'run' ? JSON.stringify(record) : encodeRecord(record)}\n`;
const withoutRuns = (records: (TrainingRecord | RunRecord)[]) => records.filter(({ record }) => record !== 'run');

/** What a run writes from `begin` to `end` (exclusive): probes at every third step, before its update. */
const session = (begin: number, end: number): TrainingRecord[] =>
  Array.from({ length: end - begin }, (_, i) => begin + i).flatMap((at) => [
    ...(at % 3 === 0 ? [probe(at)] : []),
    step(at),
  ]);

/** A process that got some way, wrote its last state `lost` steps before, and was killed inside its last line. */
const kill = fc.record({ made: fc.nat(40), lost: fc.nat(40), torn: fc.nat(400) });

describe('metrics.jsonl of a run that was killed again and again', () => {
  test('says the same as that of the unbroken run, whatever was lost and wherever lines were torn', () => {
    fc.assert(
      fc.property(fc.array(kill, { maxLength: 12 }), (kills) => {
        let text = '';
        let begin = 0;
        const end = 12 * 40 + 10;
        for (const { made, lost, torn } of kills) {
          const written = session(begin, begin + made);
          text += `\n${line(run(text === '' ? 'started' : 'resumed', begin))}${written.map(line).join('')}`;
          const next = line(step(begin + made));
          text += next.slice(0, torn % next.length);
          begin = Math.max(0, begin + made - lost);
        }
        text += `\n${line(run('resumed', begin))}${session(begin, end).map(line).join('')}`;
        expect(withoutRuns(readMetrics(text))).toEqual(session(0, end));
      }),
      { numRuns: 100 },
    );
  });

  test('keeps every run record, in order', () => {
    const events = [run('started', 0), run('resumed', 0), run('resumed', 5), run('stopped', 7)];
    expect(readMetrics(events.map(line).join(''))).toEqual(events);
  });

  test('what is measured again at the resumed step replaces what was measured there; other kinds stay', () => {
    const loss = { ...probe(6), kind: 'gradientNorm', value: 3 } as TrainingRecord;
    const second = { ...probe(6), seconds: 2 } as TrainingRecord;
    const records = [step(5), probe(6), loss, step(6), run('resumed', 6), second, step(6)];
    expect(readMetrics(records.map(line).join(''))).toEqual([step(5), loss, run('resumed', 6), second, step(6)]);
  });

  test('a probe budget that was set by hand is kept, also where the run was resumed', () => {
    const set: TrainingRecord = { record: 'event', event: 'probeBudget', step: 6, from: 0.1, to: 0.5 };
    const text = [...session(0, 6), set, ...session(6, 9), run('resumed', 6), ...session(6, 12)].map(line).join('');
    const kept = readMetrics(text);
    expect(kept.filter(({ record }) => record === 'event')).toEqual([set]);
    expect(kept.filter(({ record }) => record === 'step')).toHaveLength(12);
  });

  test('a condition that is told again after resuming is told once', () => {
    const met: TrainingRecord = {
      record: 'event',
      event: 'stopCondition',
      step: 6,
      quantity: 'loss',
      value: 0.1,
      limit: 0.2,
    };
    const records = [step(5), met, run('finished', 6), run('resumed', 6), met, run('finished', 6)];
    expect(readMetrics(records.map(line).join('')).filter(({ record }) => record === 'event')).toEqual([met]);
  });

  test('400,000 records with resumptions among them are read', () => {
    const many = Array.from({ length: 200_000 }, (_, at) => line(step(at))).join('');
    const text = `${many}${line(run('resumed', 199_999))}${many}${line(run('resumed', 150_000))}`;
    expect(withoutRuns(readMetrics(text))).toHaveLength(150_000 + 150_000);
  });
});

test('lines that are no records are left out, whatever they are', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.json())), (lines) => {
      const noise = lines.filter((text) => !/"record"/.test(text)).map((text) => text.replaceAll('\n', ' '));
      const text = [...noise, line(step(1)).trim(), ...noise].join('\n');
      expect(readMetrics(text)).toEqual([step(1)]);
    }),
  );
});

test('checkpoints carry their step in their name and no other file is one', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (at) => {
      expect(stepOfCheckpoint(checkpointName(at))).toBe(at);
    }),
  );
  for (const name of ['step-1.safetensors.12-0123abcd.tmp', 'step-.safetensors', 'astep-1.safetensors', 'step-1.npz'])
    expect(stepOfCheckpoint(name)).toBeNull();
});
