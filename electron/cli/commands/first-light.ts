import path from 'node:path';
import { commandLine } from '../../../core/experiment/command-line.ts';
import { hasConverged } from '../../compute/documents/analysis-document.ts';
import { sliceOfPoint, storeSlice } from '../../compute/documents/slice-document.ts';
import { spectrumOfPoint, storeSpectrum } from '../../compute/documents/spectrum-document.ts';
import { type GivenExperiment, openPoint } from '../../compute/open-point.ts';
import { writeReport } from '../../compute/report/run-report.ts';
import { assetsFolder } from '../../host/assets-folder.ts';
import type { Command, Terminal } from '../command.ts';
import { sliceLines } from '../documents/slice-lines.ts';
import { spectrumLines } from '../documents/spectrum-lines.ts';
import { exitCode } from '../exit-codes.ts';
import { experimentOptions, readGiven } from '../open.ts';
import { sayWhatWasStored } from '../stored-or-not.ts';
import { watched } from '../terminal/watched.ts';
import { trainOnTerminal } from './train.ts';

/** `2026-11-22-014403`: sorts by time, and needs no quoting. */
const stamp = (): string => new Date().toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '');

/** Spectrum and two planes at the end of training, each shown and stored. Answers whether all of them converged. */
async function measure(given: GivenExperiment, run: string, step: number, terminal: Terminal): Promise<boolean> {
  const { out, err, stop } = terminal;
  const colours = terminal.colours(out);
  const shown = path.relative(process.cwd(), run);
  const trained = { ...given, run };
  const point = await openPoint(trained, step);
  try {
    err.write('\nThe curvature at the end of training:\n');
    const parameters = { top: 10, density: true, densityProbes: 4, densitySteps: 60, trace: true, traceProbes: 30 };
    const options = ['--density', '--density-probes', '4', '--density-steps', '60', '--trace'];
    const spectrum = await watched(terminal, (monitor) =>
      spectrumOfPoint(point, parameters, commandLine(['spectrum', shown, ...options]), monitor),
    );
    await sayWhatWasStored(trained, terminal, (folder) => storeSpectrum(folder, spectrum));
    out.write(`${spectrumLines(spectrum, colours).join('\n')}\n`);
    let converged = hasConverged(spectrum);
    for (const plane of ['pca', 'random']) {
      if (stop.aborted) return false;
      err.write(`\nThe loss on the ${plane} plane:\n`);
      const command = commandLine(['slice', shown, '--plane', plane]);
      const slice = await watched(terminal, (monitor) => sliceOfPoint(point, run, { plane }, command, monitor));
      await sayWhatWasStored(trained, terminal, (folder) => storeSlice(folder, slice));
      out.write(`${sliceLines(slice, colours).join('\n')}\n`);
      converged &&= hasConverged(slice);
    }
    return converged;
  } finally {
    point.opened.dispose();
  }
}

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
    const given = await readGiven(path.join(assetsFolder(), 'experiments', 'first-light.yaml'), args);
    const run = path.resolve(args.text('out') ?? path.join('runs', `first-light-${stamp()}`));
    const { code, outcome } = await trainOnTerminal(given, { kind: 'new' }, run, terminal);
    const converged = code === exitCode.done && (await measure(given, run, outcome.step, terminal));
    // Of what is there, however the parts ended.
    const page = await writeReport(run);
    terminal.out.write(`\nrun     ${run}\nreport  ${page}\n`);
    if (code !== exitCode.done) return code;
    return converged ? exitCode.done : exitCode.notConverged;
  },
};
