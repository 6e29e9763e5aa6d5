import { stat } from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../../core/bad-input.ts';
import { extentText, shapeName } from '../../../core/formats/landscape-checks.ts';
import type { LandscapeFile } from '../../../core/formats/landscape-file.ts';
import { sliceKeys } from '../../../core/formats/slice-npz.ts';
import { readLandscapeNpz, sniffLandscape } from '../../../core/formats/sniff-landscape.ts';
import { nearestName } from '../../../core/nearest-name.ts';
import { atomicWrite } from '../../host/atomic-write.ts';
import { namingFile, readBoundedFile } from '../../host/read-dataset.ts';
import type { Arguments } from '../arguments.ts';
import type { Command } from '../command.ts';
import { exitCode } from '../exit-codes.ts';
import { type LandscapeKind, landscapeKinds, type WantedForm } from '../landscape-kinds.ts';
import { printable } from '../terminal/printable.ts';

function kindOf(out: string, args: Arguments): { readonly kind: LandscapeKind; readonly wanted: WantedForm } {
  const ending = path.extname(out).toLowerCase();
  const kind = Object.hasOwn(landscapeKinds, ending) ? landscapeKinds[ending] : undefined;
  if (!kind)
    throw new BadInput(
      `${out} is no kind of file that a landscape can be.`,
      `Give a name that ends in ${Object.keys(landscapeKinds).join(', ')}.`,
    );
  const { forms = [], heights = false } = kind;
  if (args.has('form') && forms.length === 0)
    throw new BadInput(`A ${ending} file has one form.`, 'Leave out --form, or write .h5 or .npz.');
  const zmax = args.number('zmax', { least: -Number.MAX_VALUE, real: true });
  if (!heights && (zmax !== undefined || args.has('log')))
    throw new BadInput(
      `--zmax and --log change heights and colours, and a ${ending} file holds the values themselves.`,
      'Leave them out, or write .vtp, .vts, .svg or .png.',
    );
  return { kind, wanted: { form: args.choice('form', forms) ?? forms[0] ?? null, zmax, log: args.has('log') } };
}

async function readLandscape(file: string): Promise<LandscapeFile> {
  const bytes = await readBoundedFile(file);
  try {
    if (sniffLandscape(bytes) !== 'hdf5') return readLandscapeNpz(bytes);
    const { readHdf5Landscape } = await import('../../host/hdf5/index.ts');
    return await readHdf5Landscape(bytes);
  } catch (problem) {
    throw namingFile(file, problem);
  }
}

/** The quantities that were asked for, in that order; all where none was. */
function chosen(file: LandscapeFile, names: string | undefined): LandscapeFile {
  if (names === undefined) return file;
  const known = file.fields.map(({ quantity }) => quantity);
  const fields = [...new Set(names.split(','))].map((name) => {
    const field = file.fields.find(({ quantity }) => quantity === name.trim());
    if (field) return field;
    const nearest = nearestName(name.trim(), known);
    throw new BadInput(
      `The file has no quantity ${name.trim()}.`,
      `${nearest ? `Did you mean ${nearest}? ` : ''}It has ${known.join(', ')}.`,
    );
  });
  return { ...file, fields };
}

/** Also under another name, through a link or by other letters where the disk does not tell them apart. */
async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((file) => stat(file, { bigint: true }).catch(() => null)));
  return a != null && b != null && a.dev === b.dev && a.ino === b.ino;
}

async function checkOut(input: string, out: string): Promise<void> {
  if (await isSameFile(input, out))
    throw new BadInput(`${out} is the file that is read.`, 'Give another name for what is written.');
  const folder = path.dirname(path.resolve(out));
  const found = await stat(folder).catch(() => null);
  if (!found?.isDirectory()) throw new BadInput(`There is no folder ${folder}.`, 'Make it, or give another one.');
}

export const convert: Command = {
  description: {
    name: 'convert',
    operands: ['IN', 'OUT'],
    summary:
      'Writes a landscape in another form: IN is a surface file of loss-landscape (.h5), a slice of ours (.npz, .h5), or a .npz of Landscaper or dnn-mode-connectivity, told by its content; OUT is what its ending says.',
    options: [
      {
        name: 'quantity',
        value: 'NAMES',
        help: 'only these, separated by commas; the first gives heights and colours; all of them by itself',
      },
      {
        name: 'form',
        value: 'FORM',
        help: 'of a .npz saddlescope, landscaper or mode-connectivity; of a .h5 loss-landscape or saddlescope; the first by itself',
      },
      { name: 'zmax', value: 'Z', help: 'draw greater values at Z (.vtp, .vts, .svg, .png)' },
      { name: 'log', value: null, help: 'heights ln(z + 0.1), as loss-landscape has them, or logarithmic colours' },
    ],
  },
  more: [
    'OUT ends in:',
    '  .h5         surface file of loss-landscape; with --form saddlescope ours, which holds volumes too',
    '  .npz        ours, for NumPy; with --form what Landscaper or dnn-mode-connectivity opens',
    '  .vtp        surface as loss-landscape writes it for ParaView',
    '  .vti        all quantities of a line, plane or volume on a regular grid, for ParaView',
    '  .vts        surface, or points of a volume, with all quantities at full precision, for ParaView',
    '  .csv .json  a row a point; everything but the directions',
    '  .svg .png   picture',
    '',
    'Keys of our .npz:',
    ...Object.entries(sliceKeys).map(([name, help]) => `  ${name.padEnd(20)} ${help}`),
  ],
  async run(args, terminal) {
    const [input = '', out = ''] = args.operands;
    const { kind, wanted } = kindOf(out, args);
    await checkOut(input, out);
    const file = chosen(await readLandscape(input), args.text('quantity'));
    const { content, announcements } = await kind.write(file, wanted);
    for (const sentence of [...file.announcements, ...announcements]) terminal.err.write(`${printable(sentence)}\n`);
    await atomicWrite(path.resolve(out), content);
    const names = file.fields.map(({ quantity }) => quantity).join(', ');
    const points = `${shapeName(file)} of ${extentText(file)} points`;
    terminal.out.write(`${printable(`${out}: ${points}, ${names}`)}\n`);
    return exitCode.done;
  },
};
