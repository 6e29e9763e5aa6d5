import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readNpz } from '../../../core/formats/npz.ts';
import { saddlescope, temporaryFolder } from '../../support/command-line.ts';

const folder = temporaryFolder();
const run = path.join(folder, 'a run, with spaces');
const small = [
  '--set',
  'steps=120',
  '--set',
  'data.subset.first=100',
  '--set',
  'data.test=null',
  '--set',
  'probes.every.density=50',
];

/** `npm start` without npm: the script that it names. */
function npmStart(words: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  const script = path.resolve(import.meta.dirname, '..', '..', '..', 'electron', 'build', 'start.mjs');
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

describe('the start-up experiment', () => {
  let ended = { code: null as number | null, out: '', err: '' };
  beforeAll(async () => {
    ended = await npmStart(['--headless', '--out', run, ...small]);
  });

  test('ends well and prints where the run and the report lie', () => {
    expect(ended.err).toMatch(/120\/120 steps/);
    expect(ended.code).toBe(0);
    expect(ended.out).toContain(`run     ${run}\n`);
    expect(ended.out).toContain(`report  ${path.join(run, 'report.html')}\n`);
  });

  test('shows eigenvalues with residuals, a trace with its error, the density and two planes', () => {
    expect(ended.out.match(/λ\d+ +[\d.]+ ± \S+ +residual/g)).toHaveLength(10);
    expect(ended.out).toMatch(/Trace [\d.]+ \[[\d.]+, [\d.]+\], \S+, \d+ probes/);
    expect(ended.out).toMatch(/Spectral density/);
    expect(ended.out).toMatch(/^Loss on pca\b/m);
    expect(ended.out).toMatch(/^Loss on random\b/m);
  });

  test('leaves a run folder that holds what the README says', () => {
    for (const file of [
      'experiment.yaml',
      'experiment.json',
      'provenance.json',
      'metrics.jsonl',
      'report.html',
      'resume-a.safetensors',
    ])
      expect(existsSync(path.join(run, file)), file).toBe(true);
    expect(readdirSync(path.join(run, 'checkpoints')).sort()).toEqual([
      'step-0.safetensors',
      'step-120.safetensors',
      'step-60.safetensors',
    ]);
    const slice = readNpz(readFileSync(path.join(run, 'results', 'slice-pca-float32-step-120.npz')));
    expect(slice.get('loss')?.shape).toEqual([51, 51]);
    expect([...slice.keys()]).toEqual(
      expect.arrayContaining(['alpha', 'beta', 'computed', 'd1', 'd2', 'path_distance']),
    );
    const kinds = readdirSync(path.join(run, 'results', 'figures')).map((name) => name.replace(/^.*?\./, '.'));
    expect(new Set(kinds)).toEqual(new Set(['.svg', '.csv', '.vl.json']));
  });

  test('the report needs nothing outside itself and names command and references of its figures', () => {
    const page = readFileSync(path.join(run, 'report.html'), 'utf8');
    expect(page).not.toMatch(/<script|<link|<iframe|<object|@import|url\((?!#)/i);
    expect(page.match(/(?:src|href)="(?!#|data:)[^"]*"/g) ?? []).toEqual([]);
    expect(page.match(/<figure/g)?.length).toBeGreaterThanOrEqual(6);
    expect(page.match(/saddlescope (?:report|spectrum|slice) /g)?.length).toBeGreaterThanOrEqual(6);
    expect(page).toMatch(/@inproceedings\{cohen2021gradient/);
    expect(page).toMatch(/2\/η/);
  });

  test('a second report and pictures of any plane come from the folder alone', async () => {
    expect((await saddlescope(['report', run])).code).toBe(0);
    for (const [kind, magic] of [
      ['svg', '<svg'],
      ['png', '\u0089PNG'],
      ['npz', 'PK'],
      ['json', '{'],
    ] as const) {
      const file = path.join(folder, `plane.${kind}`);
      const { code, err } = await saddlescope([
        'slice',
        run,
        '--plane',
        'eigen',
        '--grid',
        '9',
        '--at',
        '60',
        '--out',
        file,
      ]);
      expect(code, err).toBe(0);
      expect(readFileSync(file).toString('latin1').startsWith(magic)).toBe(true);
    }
  });
});
