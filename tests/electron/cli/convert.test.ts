import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import { readJson } from '../../../core/formats/json-numbers.ts';
import type { LandscapeFile } from '../../../core/formats/landscape-file.ts';
import { landscaperArrays } from '../../../core/formats/landscaper-npz.ts';
import { modeConnectivityArrays } from '../../../core/formats/mode-connectivity-npz.ts';
import { writeNpz } from '../../../core/formats/npz.ts';
import { sliceCsv } from '../../../core/formats/slice-csv.ts';
import { arraysOfLandscape } from '../../../core/formats/slice-npz.ts';
import { readLandscapeNpz } from '../../../core/formats/sniff-landscape.ts';
import { readArguments } from '../../../electron/cli/arguments.ts';
import { convert } from '../../../electron/cli/commands/convert.ts';
import { notStopped } from '../../../electron/cli/stop-signals.ts';
import { saddlescope, temporaryFolder } from '../../support/command-line.ts';
import { asymmetric, landscapeOf } from '../../support/landscapes.ts';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => path.join(folder, name);
const bytesOf = (name: string) => new Uint8Array(readFileSync(at(name)));

const [line, plane, volume] = [landscapeOf(5), landscapeOf(5, 3), landscapeOf(4, 3, 2)];
const { values, computed } = plane.fields[0]!;
/** Two quantities, one point that was not computed, one that is no number. */
const gaps: LandscapeFile = {
  ...plane,
  fields: [
    {
      quantity: 'loss',
      values: values.map((value, i) => (i < 2 ? Number.NaN : value)),
      computed: computed.map((_, i) => (i === 0 ? 0 : 1)),
      uncertainty: values.map((value) => value / 100),
    },
    { quantity: 'lambda_max', values: values.map((value) => value + 1), computed, uncertainty: null },
  ],
};
const files: Readonly<Record<string, Uint8Array | string>> = {
  'line.npz': writeNpz(arraysOfLandscape(line)),
  'plane.npz': writeNpz(arraysOfLandscape(plane)),
  'volume.npz': writeNpz(arraysOfLandscape(volume)),
  'gaps.npz': writeNpz(arraysOfLandscape(gaps)),
  'landscaper.npz': writeNpz(landscaperArrays(landscapeOf(3, 3), landscapeOf(3, 3).fields[0]!).arrays),
  'curve.npz': writeNpz(modeConnectivityArrays(line).arrays),
  'mc-plane.npz': writeNpz(modeConnectivityArrays(plane).arrays),
  'text.npz': 'no archive',
  'cut.npz': writeNpz(arraysOfLandscape(plane)).subarray(0, 300),
};
for (const [name, content] of Object.entries(files)) writeFileSync(at(name), content);

/** The command in this process: its exit code and what it wrote. */
async function run(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const text = (stream: PassThrough) => String(stream.read() ?? '');
  const terminal = { out, err, colours: () => false, stop: notStopped } as unknown as Parameters<typeof convert.run>[1];
  const code = await convert.run(readArguments(convert.description, words), terminal);
  return { code, out: text(out), err: text(err) };
}

/** Every value is the function at the coordinates of its own point. */
function expectFunction(file: LandscapeFile): void {
  const table = sliceCsv(file);
  const [header, ...rows] = new TextDecoder().decode(table).trim().split('\n');
  const names = header!.split(',');
  for (const row of rows) {
    const cells = row.split(',').map(Number);
    const [x, y, z] = cells.slice(0, file.axes.length);
    expect(cells[names.indexOf('loss')]).toBeCloseTo(asymmetric(x!, y, z), 12);
  }
  expect(rows).toHaveLength(file.axes.reduce((count, { coordinates }) => count * coordinates.length, 1));
}

describe('convert keeps which axis is which', () => {
  it.each([
    ['line.npz', 'line.h5'],
    ['plane.npz', 'plane.h5'],
    ['mc-plane.npz', 'mc.h5'],
    ['landscaper.npz', 'landscaper.h5'],
    ['curve.npz', 'curve.h5'],
  ])('%s to a surface file of loss-landscape and back', async (input, surface) => {
    expect((await run(at(input), at(surface))).code).toBe(0);
    expect((await run(at(surface), at(`back-${input}`))).code).toBe(0);
    const [before, after] = [readLandscapeNpz(bytesOf(input)), readLandscapeNpz(bytesOf(`back-${input}`))];
    expectFunction(after);
    expect(after.axes.map(({ coordinates }) => coordinates)).toEqual(before.axes.map(({ coordinates }) => coordinates));
  });

  it('a volume through our own HDF5', async () => {
    expect((await run(at('volume.npz'), at('volume.h5'), '--form', 'saddlescope')).code).toBe(0);
    expect((await run(at('volume.h5'), at('volume-back.npz'))).code).toBe(0);
    expectFunction(readLandscapeNpz(bytesOf('volume-back.npz')));
  });

  it('a plane through the form of dnn-mode-connectivity, a square one through Landscaper’s', async () => {
    const { err } = await run(at('plane.npz'), at('mc.npz'), '--form', 'mode-connectivity');
    expect(err.trim().split('\n')).toEqual([expect.stringMatching(/no regulariser/), expect.stringMatching(/bends/)]);
    expectFunction(readLandscapeNpz(bytesOf('mc.npz')));
    await run(at('landscaper.npz'), at('square.npz'), '--form', 'landscaper');
    expectFunction(readLandscapeNpz(bytesOf('square.npz')));
  });

  it('NaN, what was not computed, and uncertainties through HDF5 and back', async () => {
    await run(at('gaps.npz'), at('gaps.h5'));
    await run(at('gaps.h5'), at('gaps-back.npz'));
    expect(readLandscapeNpz(bytesOf('gaps-back.npz')).fields).toEqual(gaps.fields);
  });
});

describe('every ending', () => {
  it.each([
    ['plane.npz', '.vtp', /^<VTKFile type="PolyData"/],
    ['plane.npz', '.vts', /type="StructuredGrid"/],
    ['volume.npz', '.vti', /WholeExtent="0 3 0 2 0 1"/],
    ['volume.npz', '.csv', /^alpha,beta,gamma,loss,computed\n/],
    ['plane.npz', '.svg', /^<svg.*Loss on a plane/s],
    ['line.npz', '.svg', /^<svg.*Loss along a line/s],
    ['volume.npz', '.svg', /^<svg.*Loss in a volume/s],
    ['curve.npz', '.svg', /^<svg/],
    ['plane.npz', '.png', /^\ufffdPNG/],
  ])('%s to %s', async (input, ending, content) => {
    const { code, out } = await run(at(input), at(`out${ending}`));
    expect(code).toBe(0);
    expect(readFileSync(at(`out${ending}`), 'utf8')).toMatch(content);
    expect(out).toMatch(/^\S+: (line|plane|volume) of [\d ×]+ points, loss.*\n$/);
  });

  it('.json holds all but the directions', async () => {
    await run(at('gaps.npz'), at('gaps.json'));
    const told = readJson(readFileSync(at('gaps.json'), 'utf8')) as {
      fields: { quantity: string; values: number[] }[];
    };
    expect(told.fields.map(({ quantity }) => quantity)).toEqual(['loss', 'lambda_max']);
    expect(told.fields[0]!.values).toEqual([...gaps.fields[0]!.values]);
  });

  it('--quantity chooses and orders, --zmax and --log change the heights', async () => {
    await run(at('gaps.npz'), at('one.csv'), '--quantity', 'lambda_max,loss');
    expect(readFileSync(at('one.csv'), 'utf8').split('\n')[0]).toBe(
      'alpha,beta,lambda_max,computed,loss,loss_computed,loss_uncertainty',
    );
    await run(at('gaps.npz'), at('clip.vtp'), '--quantity', 'lambda_max', '--zmax', '2', '--log');
    const range = /Name="zvalue"[^>]*RangeMax="([^"]*)"/.exec(readFileSync(at('clip.vtp'), 'utf8'))![1];
    expect(Number(range)).toBeCloseTo(Math.log(2.1), 14);
    const { err } = await run(at('gaps.npz'), at('holes.vtp'));
    expect(err).toMatch(/^2 points have no height/);
  });
});

describe('what cannot be done is told, and nothing is written', () => {
  mkdirSync(at('folder'));
  symlinkSync(at('plane.npz'), at('link.npz'));
  linkSync(at('plane.npz'), at('hard.npz'));
  it.each<[string, string[], RegExp]>([
    ['its own input', ['plane.npz', 'plane.npz'], /is the file that is read/],
    ['its own input through a link', ['plane.npz', 'link.npz'], /is the file that is read/],
    ['its own input through a hard link', ['plane.npz', 'hard.npz'], /is the file that is read/],
    ['another ending', ['plane.npz', 'out.mat'], /no kind of file/],
    ['no ending', ['plane.npz', 'none'], /no kind of file/],
    ['an ending like an inherited property', ['plane.npz', 'a.constructor'], /no kind of file/],
    ['no input', ['absent.npz', 'new.csv'], /does not exist/],
    ['a folder for input', ['folder', 'new.csv'], /is a folder/],
    ['a folder that is not there', ['plane.npz', 'absent/new.csv'], /There is no folder/],
    ['what is no landscape', ['text.npz', 'new.csv'], /text\.npz: The file begins with "no archive"/],
    ['a cut archive', ['cut.npz', 'new.csv'], /cut\.npz/],
    [
      'a quantity that is not there',
      ['plane.npz', 'new.csv', '--quantity', 'los'],
      /has no quantity los.*Did you mean loss/,
    ],
    ['a form of another ending', ['plane.npz', 'new.h5', '--form', 'landscaper'], /--form landscaper is not known/],
    ['a form where there is one', ['plane.npz', 'new.vtp', '--form', 'saddlescope'], /one form/],
    ['heights in a table', ['plane.npz', 'new.csv', '--zmax', '3'], /the values themselves/],
    ['a height that is no number', ['plane.npz', 'new.vtp', '--zmax', 'high'], /--zmax high/],
    ['a volume as a surface', ['volume.npz', 'new.vtp'], /this is a volume/],
    ['a volume as a surface file of loss-landscape', ['volume.npz', 'new.h5'], /./],
    ['a rectangle for Landscaper', ['plane.npz', 'new.npz', '--form', 'landscaper'], /as many points/],
    [
      'a volume for dnn-mode-connectivity',
      ['volume.npz', 'new.npz', '--form', 'mode-connectivity'],
      /lines and planes/,
    ],
  ])('%s', async (_, [input, out, ...more], sentence) => {
    const before = new Map(
      readdirSync(folder).map((name) => [name, name === 'folder' ? '' : readFileSync(at(name), 'hex')]),
    );
    const wanted = () => run(at(input!), at(out!), ...more);
    await expect(wanted()).rejects.toBeInstanceOf(BadInput);
    await expect(wanted()).rejects.toThrow(sentence);
    expect(
      new Map(readdirSync(folder).map((name) => [name, name === 'folder' ? '' : readFileSync(at(name), 'hex')])),
    ).toEqual(before);
  });
});

describe('the program', () => {
  it('ends with 0, results on one stream and announcements on the other', async () => {
    const { code, out, err } = await saddlescope(['convert', at('mc-plane.npz'), at('program.h5')]);
    expect([code, out]).toEqual([0, expect.stringContaining('plane of 5 × 3 points, loss')]);
    expect(err.trim().split('\n').length).toBeGreaterThan(1);
    expect(existsSync(at('program.h5'))).toBe(true);
  });

  it('ends with 2 and two sentences where the input is bad', async () => {
    const { code, out, err } = await saddlescope(['convert', at('text.npz'), at('never.csv')]);
    expect([code, out]).toEqual([2, '']);
    expect(err.trim().split('\n')).toHaveLength(2);
    expect(existsSync(at('never.csv'))).toBe(false);
  });

  it('--help names every ending and key', async () => {
    const { code, out } = await saddlescope(['convert', '--help']);
    expect(code).toBe(0);
    for (const word of ['.h5', '.npz', '.vtp', '.vti', '.vts', '.csv', '.svg', 'QUANTITY_uncertainty', '--zmax'])
      expect(out).toContain(word);
  });
});
