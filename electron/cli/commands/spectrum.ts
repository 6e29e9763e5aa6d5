import { spectrumDescriptor } from '../../../core/analyses/spectrum/descriptor.ts';
import { writeJson } from '../../../core/formats/json-numbers.ts';
import { hasConverged } from '../../compute/documents/analysis-document.ts';
import { checkPoint, compareWithDense } from '../../compute/documents/check-point.ts';
import { spectrumOfPoint, storeSpectrum } from '../../compute/documents/spectrum-document.ts';
import { openPoint } from '../../compute/open-point.ts';
import { analysisOptions, givenParameters } from '../analysis-options.ts';
import type { Command } from '../command.ts';
import { thisCommand } from '../command-line.ts';
import { checkLines } from '../documents/check-lines.ts';
import { spectrumLines } from '../documents/spectrum-lines.ts';
import { exitCode } from '../exit-codes.ts';
import { experimentOptions, readGiven } from '../open.ts';
import { sayWhatWasStored } from '../stored-or-not.ts';
import { watched } from '../terminal/watched.ts';

export const spectrum: Command = {
  description: {
    name: spectrumDescriptor.id,
    operands: ['RUN|EXPERIMENT'],
    summary: spectrumDescriptor.question,
    options: [
      { name: 'at', value: 'STEP', help: 'the checkpoint of RUN; the last one by itself' },
      ...analysisOptions(spectrumDescriptor),
      ...experimentOptions,
      {
        name: 'check',
        value: null,
        help: 'check the model first: determinism, symmetry, gradient and products by differences; and, up to 600 parameters, every eigenvalue against the dense matrix',
      },
      { name: 'json', value: null, help: 'one JSON document on standard output' },
    ],
  },
  more: [
    'The JSON document has eigenvalues [{value, residual, errorBound, errorEstimate}] largest first, bottom (most negative first),',
    'density {x, y, standardError, cumulative, kernelWidth}, trace {value, standardError, probes}, convention, engine,',
    'precision, status, stats. Numbers that JSON cannot write are the texts "NaN", "Infinity" and "-Infinity".',
    '',
    'References:',
    ...spectrumDescriptor.references.map(({ authors, year, title }) => `  ${authors} (${year}): ${title}`),
  ],
  async run(args, terminal) {
    const { out, stop } = terminal;
    const [operand = ''] = args.operands;
    const given = await readGiven(operand, args);
    const parameters = givenParameters(spectrumDescriptor, args);
    const point = await openPoint(given, args.number('at', { least: 0 }));
    try {
      const check = args.has('check') ? await checkPoint(point, { signal: stop }) : null;
      const document = await watched(terminal, (monitor) => spectrumOfPoint(point, parameters, thisCommand(), monitor));
      const comparison = check === null ? null : await compareWithDense(point, document, { signal: stop });
      await sayWhatWasStored(given, terminal, (run) => storeSpectrum(run, document));
      const verdict = check === null ? {} : { check: check.items, dense: comparison };
      if (args.has('json')) out.write(`${writeJson({ ...document, ...verdict })}\n`);
      else {
        const lines = spectrumLines(document, terminal.colours(out));
        if (check !== null) lines.push('', ...checkLines(check, comparison));
        out.write(`${lines.join('\n')}\n`);
      }
      if (check?.failed || comparison?.agrees === false || stop.aborted) return exitCode.notConverged;
      return hasConverged(document) ? exitCode.done : exitCode.notConverged;
    } finally {
      point.opened.dispose();
    }
  },
};
