import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import {
  decodeRecord,
  encodeRecord,
  type StepRecord,
  type TopEigenvaluesProbe,
  type TrainingRecord,
} from '../../../core/training/records.ts';

const number = fc.double().map((x) => (x === 0 ? 0 : x));

const step: fc.Arbitrary<StepRecord> = fc.record({
  record: fc.constant('step' as const),
  step: fc.nat(),
  epoch: fc.nat(),
  batch: fc.nat(),
  examples: fc.nat(),
  loss: number,
  gradientNorm: number,
  learningRate: number,
  time: number,
  seconds: number,
  status: fc.constantFrom(null, 'diverged' as const, 'notFinite' as const),
});

test('property: records come back from one line exactly, NaN and infinities included', () => {
  fc.assert(
    fc.property(step, (record) => {
      const line = encodeRecord(record);
      expect(line).not.toContain('\n');
      expect(decodeRecord(line)).toEqual(record);
    }),
    { numRuns: 500 },
  );
});

const share = fc.double({ min: 0, max: 1, noNaN: true }).map((x) => (x === 0 ? 0 : x));

const topEigenvalues: fc.Arbitrary<TopEigenvaluesProbe> = fc
  .tuple(fc.array(fc.tuple(number, number), { maxLength: 12 }), fc.option(fc.tuple(share, share, fc.nat())))
  .chain(([pairs, before]) =>
    fc.record({
      record: fc.constant('probe' as const),
      kind: fc.constant('eigenvalues' as const),
      step: fc.nat(),
      askedAt: fc.nat(),
      status: fc.constantFrom('converged' as const, 'budgetSpent' as const, 'notFinite' as const),
      examples: fc.nat(),
      subset: fc.boolean(),
      products: fc.nat(),
      gradients: fc.nat(),
      losses: fc.nat(),
      seconds: share,
      values: fc.constant(pairs.map(([value]) => value)),
      residuals: fc.constant(pairs.map(([, residual]) => residual)),
      threshold: fc.option(number),
      subspaceError: share,
      overlap: fc.constant(before?.[0] ?? null),
      overlapError: fc.constant(before?.[1] ?? null),
      overlapWith: fc.constant(before?.[2] ?? null),
      gradientShare: fc.oneof(share, fc.constant(Number.NaN)),
    }),
  );

test('property: top eigenvalues come back from one line exactly, and without any one of their numbers are no record', () => {
  const needed = [
    'values',
    'residuals',
    'threshold',
    'subspaceError',
    'overlap',
    'overlapError',
    'overlapWith',
    'gradientShare',
  ];
  fc.assert(
    fc.property(topEigenvalues, fc.constantFrom(...needed), (record, name) => {
      const line = encodeRecord(record);
      expect(decodeRecord(line)).toEqual(record);
      const { [name]: _, ...damaged } = JSON.parse(line) as Record<string, unknown>;
      expect(() => decodeRecord(JSON.stringify(damaged))).toThrow(BadInput);
      const longer = { ...JSON.parse(line), residuals: [...record.residuals, 0] };
      expect(() => decodeRecord(encodeRecord(longer))).toThrow(BadInput);
    }),
    { numRuns: 300 },
  );
});

test('the encoding of numbers that JSON lacks is their name as a string', () => {
  const record = {
    record: 'event',
    event: 'learningRate',
    step: 1,
    from: Number.POSITIVE_INFINITY,
    to: Number.NaN,
  } as const;
  expect(encodeRecord(record)).toBe('{"record":"event","event":"learningRate","step":1,"from":"Infinity","to":"NaN"}');
});

test('numbers inside arrays come back too', () => {
  const density = {
    record: 'probe',
    kind: 'density',
    step: 3,
    askedAt: 3,
    status: 'converged',
    examples: 2,
    subset: false,
    products: 4,
    gradients: 1,
    losses: 0,
    seconds: 0.5,
    x: [0, 1],
    y: [0.5, 0.5],
    standardError: [Number.NaN, Number.NEGATIVE_INFINITY],
    kernelWidth: 0.1,
    starts: 1,
    lanczosSteps: 4,
  } as const satisfies TrainingRecord;
  expect(decodeRecord(encodeRecord(density))).toEqual(density);
});

test.each([
  [''],
  ['{"record":"step","st'],
  ['[]'],
  ['null'],
  ['3'],
  ['{"record":"other"}'],
  ['{"record":"step","step":3}'],
  ['{"record":"step","step":"3","loss":1,"gradientNorm":1,"learningRate":1,"time":0,"seconds":0}'],
  ['{"record":"probe","kind":"loss","step":3,"train":null}'],
  ['{"record":"probe","kind":"sharpness","step":3,"value":"much","residual":0,"threshold":null}'],
  ['{"record":"probe","kind":"density","step":3,"x":[1],"y":[null],"standardError":[0]}'],
  ['{"record":"probe","kind":"constructor","step":3}'],
  ['{"record":"event","step":3}'],
])('%j is no record', (line) => {
  expect(() => decodeRecord(line)).toThrow(BadInput);
});
