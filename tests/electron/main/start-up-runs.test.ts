import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { lockRun } from '../../../electron/host/run-lock.ts';
import { removeOldStartUpRuns } from '../../../electron/main/start-up-runs.ts';
import { temporaryFolder } from '../../support/command-line.ts';

const never = () => false;

/** The files of a run, as training leaves them. */
function makeRun(folder: string): void {
  for (const inner of ['checkpoints', 'results']) fs.mkdirSync(path.join(folder, inner), { recursive: true });
  for (const name of ['experiment.json', 'experiment.yaml', 'provenance.json', 'metrics.jsonl', 'resume-a.safetensors'])
    fs.writeFileSync(path.join(folder, name), '{}');
  fs.writeFileSync(path.join(folder, 'checkpoints', 'step-0.safetensors'), 'θ');
}

const nameOf = (minute: number) => `start-up-first-light-2026-11-22-10${String(minute).padStart(2, '0')}00`;

function runsFolder(startUps: number): string {
  const runs = temporaryFolder();
  for (let minute = 0; minute < startUps; minute++) makeRun(path.join(runs, nameOf(minute)));
  return runs;
}

test('the last five start-up runs stay, older ones go', async () => {
  const runs = runsFolder(8);
  const removed = await removeOldStartUpRuns(runs, never);
  expect([...removed].sort()).toEqual([0, 1, 2].map(nameOf));
  expect(fs.readdirSync(runs).sort()).toEqual([3, 4, 5, 6, 7].map(nameOf));
  expect(await removeOldStartUpRuns(runs, never)).toEqual([]);
});

test('the time in the name decides, whatever the experiment is called', async () => {
  const runs = runsFolder(5);
  const older = 'start-up-zebra-2025-01-01-000000';
  const newer = 'start-up-aardvark-2027-01-01-000000-2';
  for (const name of [older, newer]) makeRun(path.join(runs, name));
  expect([...(await removeOldStartUpRuns(runs, never))].sort()).toEqual([nameOf(0), older].sort());
});

test('nothing of another name is touched, however old', async () => {
  const runs = runsFolder(5);
  const others = [
    'digits-2020-01-01-000000',
    'start-up-2020-01-01-000000',
    'start-up-first-light',
    'start-up-first-light-2020-01-01',
    'start-up-first-light-2020-01-01-000000-copy',
    'my-start-up-first-light-2020-01-01-000000',
    'Start-up-first-light-2020-01-01-000000',
    'start-up-first-light-2020-01-01-000000.zip',
  ];
  for (const name of others) makeRun(path.join(runs, name));
  expect(await removeOldStartUpRuns(runs, never)).toEqual([]);
  for (const name of others) expect(fs.existsSync(path.join(runs, name, 'experiment.json'))).toBe(true);
});

test('a folder that is no run, or holds more than one, stays', async () => {
  const runs = runsFolder(8);
  fs.rmSync(path.join(runs, nameOf(0), 'experiment.json'));
  fs.writeFileSync(path.join(runs, nameOf(1), 'my notes.txt'), 'mine');
  expect(await removeOldStartUpRuns(runs, never)).toEqual([nameOf(2)]);
  expect(fs.readFileSync(path.join(runs, nameOf(1), 'my notes.txt'), 'utf8')).toBe('mine');
  expect(fs.existsSync(path.join(runs, nameOf(0), 'metrics.jsonl'))).toBe(true);
});

test('a run that a process writes stays; one that a killed process wrote goes', async () => {
  const runs = runsFolder(7);
  const lock = await lockRun(path.join(runs, nameOf(0)));
  const deadProcess = { pid: 2 ** 22 + 1, host: (await import('node:os')).hostname(), began: null, token: 'x' };
  fs.writeFileSync(path.join(runs, nameOf(1), 'run.lock'), JSON.stringify(deadProcess));
  expect(await removeOldStartUpRuns(runs, never)).toEqual([nameOf(1)]);
  expect(fs.existsSync(path.join(runs, nameOf(0), 'experiment.json'))).toBe(true);
  lock.release();
  expect(await removeOldStartUpRuns(runs, never)).toEqual([nameOf(0)]);
});

test('links are not followed, and files of that name are not folders', async () => {
  const runs = runsFolder(5);
  const elsewhere = path.join(temporaryFolder(), 'elsewhere');
  makeRun(elsewhere);
  fs.symlinkSync(elsewhere, path.join(runs, 'start-up-a-2020-01-01-000000'));
  fs.writeFileSync(path.join(runs, 'start-up-b-2020-01-01-000000'), '');
  expect(await removeOldStartUpRuns(runs, never)).toEqual([]);
  // Nor is one inside a run, for no run has made it.
  makeRun(path.join(runs, 'start-up-c-2020-01-01-000000'));
  fs.symlinkSync(elsewhere, path.join(runs, 'start-up-c-2020-01-01-000000', 'results', 'slice-x.json'));
  expect(await removeOldStartUpRuns(runs, never)).toEqual([]);
  expect(fs.readdirSync(elsewhere)).toContain('experiment.json');
});

test('a folder that is not there holds none', async () => {
  expect(await removeOldStartUpRuns(path.join(temporaryFolder(), 'none'), never)).toEqual([]);
});

test('a run that the user has opened stays, whatever its age', async () => {
  const runs = runsFolder(7);
  const opened = path.join(runs, nameOf(0));
  expect(await removeOldStartUpRuns(runs, (folder) => folder === opened)).toEqual([nameOf(1)]);
  expect(fs.existsSync(path.join(opened, 'experiment.json'))).toBe(true);
});

test('what a run, its analyses and its report have written goes; what lies between it stays, and the run with it', async () => {
  const runs = runsFolder(9);
  const write = (minute: number, ...parts: string[]) => {
    const file = path.join(runs, nameOf(minute), ...parts);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, '');
  };
  write(0, 'results', 'notes.md');
  write(1, 'checkpoints', 'best.safetensors');
  write(2, 'results', 'figures', 'mine.odg');
  for (const name of [
    'slice-pca-float32-step-60.json',
    'slice-pca-float32-step-60.npz',
    'saddles-newton-mr-from-trajectory-float32.json',
    'saddles-newton-mr-from-trajectory-float32.state',
    'spectrum-hessian-float32-step-60.json',
  ])
    write(3, 'results', name);
  for (const name of ['loss.svg', 'loss.csv', 'loss.vl.json']) write(3, 'results', 'figures', name);
  write(3, 'draw.py');
  write(3, 'checkpoints', 'step-60.safetensors.12-0123abcd.tmp');
  expect(await removeOldStartUpRuns(runs, never)).toEqual([nameOf(3)]);
});
