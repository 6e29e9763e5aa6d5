import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { saddlescope, start, temporaryFolder } from '../../support/command-line.ts';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true }));
const root = path.resolve(import.meta.dirname, '..', '..', '..');
const at = (name: string) => path.join(folder, name);
/** Some 25 seconds: a state is written every ten. */
const words = [
  ...['slice', path.join(root, 'assets', 'experiments', 'digits-mlp.yaml'), '--set', 'data.subset.first=60'],
  ...['--engine', 'wasm', '--grid', '17', '--quantity', 'gradient_norm,lambda_max,lambda_min'],
];
const bytes = (name: string) => readFileSync(at(name));
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('killed, the same command goes on from the last ten seconds; interrupted, it answers 75; the bytes are the same', async () => {
  const state = at('grid.state');
  const ofState = (out: string) => [...words, '--state', state, '--out', at(out)];
  const killed = start(ofState('killed.npz'));
  for (let tries = 0; !existsSync(state) && tries < 600; tries++) await pause(100);
  await pause(1000);
  killed.child.kill('SIGKILL');
  await killed.ended;
  expect(existsSync(at('killed.npz'))).toBe(false);

  const interrupted = start(ofState('killed.npz'));
  await pause(4000);
  interrupted.child.kill('SIGINT');
  const { code, err } = await interrupted.ended;
  expect(err).toMatch(/Goes on with a grid of which \d+ points are there/);
  expect(err).toContain('the same command goes on with it');
  expect(code).toBe(75);

  expect((await saddlescope(ofState('killed.npz'))).code).toBe(0);
  expect(existsSync(state)).toBe(false);
  expect((await saddlescope([...words, '--out', at('whole.npz')])).code).toBe(0);
  expect(bytes('killed.npz').equals(bytes('whole.npz'))).toBe(true);
}, 300_000);
