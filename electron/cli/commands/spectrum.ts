import path from 'node:path';
import { spectrumDescriptor } from '../../../core/analyses/spectrum/descriptor.ts';
import { writeNpz } from '../../../core/formats/npz.ts';
import { spectrumArrays, spectrumKeys } from '../../../core/formats/spectrum-npz.ts';
import { hasConverged } from '../../compute/documents/analysis-document.ts';
import { checkPoint, compareWithDense } from '../../compute/documents/check-point.ts';
import { openSearch } from '../../compute/documents/search-state.ts';
import { spectrumJson, spectrumOfPoint, storeSpectrum } from '../../compute/documents/spectrum-document.ts';
import { atomicWrite } from '../../host/atomic-write.ts';
import { analysisOptions, givenParameters } from '../analysis-options.ts';
import type { Command } from '../command.ts';
import { thisCommand } from '../command-line.ts';
import { checkLines } from '../documents/check-lines.ts';
import { spectrumLines } from '../documents/spectrum-lines.ts';
import { exitCode } from '../exit-codes.ts';
import { experimentOptions, readGiven } from '../open.ts';
import { sayWhatWasStored } from '../stored-or-not.ts';
import { watched } from '../terminal/watched.ts';
import { searchPointOptions, wantedPoint } from '../wanted-point.ts';

export const spectrum: Command = {
  description: {
    name: spectrumDescriptor.id,
    operands: ['RUN|EXPERIMENT'],
    summary: spectrumDescriptor.question,
    options: [
      { name: 'at', value: 'STEP', help: 'the checkpoint of RUN; the last one by itself' },
      ...searchPointOptions,
      ...analysisOptions(spectrumDescriptor),
      ...experimentOptions,
      {
        name: 'state',
        value: 'FILE',
        help: 'keep the search for eigenvalues in FILE as it goes on; where FILE exists, it goes on from there bit for bit',
      },
      {
        name: 'npz',
        value: 'FILE',
        help: 'write eigenvalues, eigenvectors and images as arrays; implies --eigenvectors',
      },
      {
        name: 'check',
        value: null,
        help: 'check the model first: determinism, symmetry, gradient and products by differences; and, up to 3,000 parameters, every eigenvalue against the dense matrix',
      },
      { name: 'json', value: null, help: 'one JSON document on standard output' },
    ],
  },
  more: [
    'The JSON document has eigenvalues [{value, residual, errorBound, errorEstimate, mass}] largest first, bottom (most negative',
    'first), magnitude, subspaces, density {x, y, standardError, cumulative, cumulativeLower, cumulativeUpper, logarithmic, masses,',
    'deflated, kernelWidth}, trace {value, standardError, low95, high95, method}, logDeterminant, effectiveDimension, layers,',
    'notices, operatorName, operatorFormula, convention, engine, precision, status, stats. Numbers that JSON cannot write are the',
    'texts "NaN", "Infinity" and "-Infinity". Intervals low95 … high95 hold the truth in 95 of 100 cases.',
    '',
    'Arrays in FILE.npz:',
    ...Object.entries(spectrumKeys).map(([name, what]) => `  ${name.padEnd(14)} ${what}`),
    '',
    'References:',
    ...spectrumDescriptor.references.map(({ authors, year, title }) => `  ${authors} (${year}): ${title}`),
  ],
  async run(args, terminal) {
    const { out, stop } = terminal;
    const [operand = ''] = args.operands;
    const arrays = args.text('npz');
    const parameters = {
      ...givenParameters(spectrumDescriptor, args),
      ...(arrays !== undefined && { eigenvectors: true }),
    };
    const { given, point } = await wantedPoint(await readGiven(operand, args), args);
    try {
      const check = args.has('check') ? await checkPoint(point, { signal: stop }) : null;
      const stateFile = args.text('state');
      const search = stateFile === undefined ? null : await openSearch(path.resolve(stateFile), point, parameters);
      if (search && search.productsBefore > 0)
        terminal.err.write(`Going on after ${search.productsBefore} products.\n`);
      const document = await watched(terminal, (monitor) =>
        spectrumOfPoint(point, parameters, thisCommand(), { ...monitor, search: search?.store }),
      );
      const ended = document.parts.eigenvalues;
      if (ended === 'converged' || ended === 'invariantSubspace') await search?.remove();
      if (arrays !== undefined) await atomicWrite(path.resolve(arrays), writeNpz(spectrumArrays(document)));
      const comparison = check === null ? null : await compareWithDense(point, document, { signal: stop });
      await sayWhatWasStored(given, terminal, (run) => storeSpectrum(run, document));
      const verdict = check === null ? {} : { check: check.items, dense: comparison };
      if (args.has('json')) out.write(`${spectrumJson({ ...document, ...verdict })}\n`);
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
