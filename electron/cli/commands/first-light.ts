import path from 'node:path';
import { assetsFolder } from '../../host/assets-folder.ts';
import type { Command } from '../command.ts';
import { commandLine } from '../command-line.ts';
import { exitCode } from '../exit-codes.ts';
import { experimentOptions, openPoint, readGiven } from '../open.ts';
import { writeReport } from '../run-report.ts';
import { sliceLines, sliceOfPoint, storeSlice } from '../slice-document.ts';
import { spectrumLines, spectrumOfPoint, storeSpectrum } from './spectrum.ts';
import { trainOnTerminal } from './train.ts';

/** `2026-11-22-014403`: sorts by time, and needs no quoting. */
const stamp = (): string => new Date().toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '');

export const firstLight: Command = {
  description: {
    name: 'first-light',
    operands: [],
    summary:
      'Trains the start-up experiment on real digits, measures its curvature, draws its landscape and writes a report.',
    options: [
      { name: 'out', value: 'RUN', help: 'the folder to write; by itself a new one in runs/' },
      ...experimentOptions,
    ],
  },
  async run(args, terminal) {
    const { out, err } = terminal;
    const colours = terminal.colours(out);
    const given = await readGiven(path.join(assetsFolder(), 'experiments', 'first-light.yaml'), args);
    const run = path.resolve(args.text('out') ?? path.join('runs', `first-light-${stamp()}`));
    const shown = path.relative(process.cwd(), run);
    const { code, outcome } = await trainOnTerminal(given, { kind: 'new' }, run, terminal);
    if (code !== exitCode.done) return code;
    const point = await openPoint({ ...given, run }, outcome.step);
    try {
      err.write('\nThe curvature at the end of training:\n');
      const parameters = { top: 10, density: true, densityProbes: 4, densitySteps: 60, trace: true, traceProbes: 30 };
      const options = ['--density', '--density-probes', '4', '--density-steps', '60', '--trace'];
      const spectrum = await spectrumOfPoint(point, parameters, terminal, commandLine(['spectrum', shown, ...options]));
      await storeSpectrum(run, spectrum);
      out.write(`${spectrumLines(spectrum, colours).join('\n')}\n`);
      for (const plane of ['pca', 'random']) {
        err.write(`\nThe loss on the ${plane} plane:\n`);
        const slice = await sliceOfPoint(
          point,
          run,
          { plane },
          terminal,
          commandLine(['slice', shown, '--plane', plane]),
        );
        await storeSlice(run, slice);
        out.write(`${sliceLines(slice, colours).join('\n')}\n`);
      }
      const page = await writeReport(run);
      out.write(`\nrun     ${run}\nreport  ${page}\n`);
      return exitCode.done;
    } finally {
      point.opened.dispose();
    }
  },
};
