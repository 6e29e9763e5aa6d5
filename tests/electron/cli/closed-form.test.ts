import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { saddlescope, temporaryFolder } from '../../support/command-line.ts';

const folder = temporaryFolder();
const bundled = (name: string) =>
  path.resolve(import.meta.dirname, '..', '..', '..', 'assets', 'experiments', `${name}.yaml`);
const written = (name: string, yaml: string) => {
  const file = path.join(folder, name);
  writeFileSync(file, yaml);
  return file;
};

async function json(...words: string[]) {
  const { code, out, err } = await saddlescope([...words, '--json']);
  expect(err).not.toMatch(/at .*\.ts:/);
  expect(code, err).toBe(0);
  return JSON.parse(out);
}
const valuesOf = (list: readonly { value: number }[]) => list.map(({ value }) => value);

describe('closed forms on the command line', () => {
  test('spectrum of a deep linear network at the origin: ± every singular value, once a hidden unit', async () => {
    const origin = written(
      'origin.yaml',
      'model: { deepLinear: { hidden: 3, singularValues: [4, 3, 2, 1], rotate: true, initial: { scale: 0 } } }\n',
    );
    const spectrum = await json('spectrum', origin, '--method', 'dense', '--top', '12', '--bottom', '12');
    const expected = [4, 4, 4, 3, 3, 3, 2, 2, 2, 1, 1, 1];
    for (const [i, s] of expected.entries()) {
      expect(Math.abs(valuesOf(spectrum.eigenvalues)[i]! - s)).toBeLessThan(1e-12);
      expect(Math.abs(valuesOf(spectrum.bottom)[i]! + s)).toBeLessThan(1e-12);
    }
    expect(spectrum.data).toMatchObject({ name: 'none', examples: 1 });
    expect(spectrum.convention.formula).toBe('L(θ) = ½ ‖W₂ W₁ − S‖²');
  });

  test('spectrum of the monkey saddle away from its saddle: ± 6 √(x² + y²)', async () => {
    const file = written('monkey.yaml', 'model: { surface: monkeySaddle, start: [3, 4] }\n');
    const spectrum = await json('spectrum', file, '--top', '1', '--bottom', '1');
    expect(valuesOf(spectrum.eigenvalues)[0]).toBeCloseTo(30, 10);
    expect(valuesOf(spectrum.bottom)[0]).toBeCloseTo(-30, 10);
  });

  test('a slice of a surface is the surface', async () => {
    const file = written('saddle.yaml', 'model: { surface: saddle, start: [1, 0] }\n');
    const slice = await json('slice', file, '--line', 'gradient', '--extent', '2');
    // From (1, 0) along the gradient (10, 0), at unit length: 5 (1 + α)².
    expect(slice.axes[0].length).toBeGreaterThan(50);
    slice.axes[0].forEach((alpha: number, i: number) => {
      expect(slice.fields[0].values[i]).toBeCloseTo(5 * (1 + alpha) ** 2, 12);
    });
  });

  test.each(['precision=float32'])('what does not go with it ends with 2: --set %s', async (set) => {
    const { code, err } = await saddlescope(['train', bundled('deep-linear'), '--set', set, '--out', `${folder}/no`]);
    expect(code).toBe(2);
    expect(err).toContain('Take it out.');
  });
});

describe('the bundled deep linear network', () => {
  const run = path.join(folder, 'deep-linear');
  beforeAll(async () => {
    expect((await saddlescope(['train', bundled('deep-linear'), '--out', run])).code).toBe(0);
  });
  const losses = () =>
    readFileSync(path.join(run, 'metrics.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ record }) => record === 'step')
      .map(({ loss }) => loss as number);

  test('learns its modes one after the other: plateaus at 15, 7 and 2.5, those of its saddles', () => {
    const at = losses();
    expect(at[0]).toBeCloseTo(15, 3);
    // The middle plateau lasts while the second mode grows from its start; the loss comes near ½ (3² + 2² + 1²).
    const slowest = at
      .map((loss, step) => ({ loss, fall: (at[step - 1] ?? Infinity) - loss }))
      .filter(({ loss }) => loss > 3 && loss < 14)
      .sort((a, b) => a.fall - b.fall)[0];
    expect(slowest?.loss).toBeGreaterThan(6.5);
    expect(slowest?.loss).toBeLessThan(7.2);
    expect(at.at(-1)).toBeCloseTo(2.5, 6);
  });

  test('has a spectrum at its end that is known: two modes learnt, two left', async () => {
    const spectrum = await json('spectrum', run, '--method', 'dense', '--top', '16');
    const expected = [8, 7, 7, 6, 6, 5, 5, 4, 3, 2, 2, 1, 0, 0, 0, 0];
    for (const [i, value] of valuesOf(spectrum.eigenvalues).entries())
      expect(Math.abs(value - expected[i]!)).toBeLessThan(5e-3);
  });

  test('has a report that names the function and says that there are no data', async () => {
    expect((await saddlescope(['report', run])).code).toBe(0);
    const page = readFileSync(path.join(run, 'report.html'), 'utf8');
    expect(page).toContain('½ ‖W₂ W₁ − S‖²');
    expect(page).toContain('no data: deep linear 4–2–4, s = 4, 3, 2, 1');
  });

  test('is longer when it is resumed for longer, as if it had never stopped', async () => {
    const other = path.join(folder, 'longer');
    expect((await saddlescope(['train', bundled('deep-linear'), '--out', other, '--set', 'steps=600'])).code).toBe(0);
    expect((await saddlescope(['train', run, '--resume', '--set', 'steps=600'])).code).toBe(0);
    const last = (of: string) => readFileSync(path.join(of, 'checkpoints', 'step-600.safetensors'));
    expect(last(run).equals(last(other))).toBe(true);
  });
});
