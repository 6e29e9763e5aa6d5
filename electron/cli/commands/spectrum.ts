import { spectrumDescriptor } from '../../../core/analyses/spectrum/descriptor.ts';
import { runSpectrum, type Spectrum } from '../../../core/analyses/spectrum/run.ts';
import type { Provenance } from '../../../core/experiment/run-folder.ts';
import { writeJson } from '../../../core/formats/json-numbers.ts';
import { type Result, statusAdvice } from '../../../core/linalg/result.ts';
import { writeResult } from '../../host/run-folder.ts';
import { analysisOptions, givenParameters } from '../analysis-options.ts';
import { certified } from '../certified-number.ts';
import { checkLines, checkPoint, compareWithDense } from '../check-point.ts';
import type { Command, Terminal } from '../command.ts';
import { thisCommand } from '../command-line.ts';
import { exitCode } from '../exit-codes.ts';
import { experimentOptions, type OpenedPoint, openPoint, readGiven } from '../open.ts';
import { onStopSignal } from '../stop-signals.ts';
import { braillePlot, shortNumber } from '../terminal/braille-plot.ts';
import { progressLine } from '../terminal/progress-line.ts';
import { version } from '../version.ts';

/** What `spectrum --json` prints and a run folder keeps. */
export interface SpectrumDocument extends Omit<Spectrum, 'convention'> {
  readonly saddlescope: string;
  readonly experiment: string;
  readonly step: number | null;
  readonly seed: number;
  readonly convention: Spectrum['convention'];
  /** What batch normalisation and dropout did. */
  readonly mode: 'training' | 'inference';
  readonly status: Result<Spectrum>['status'];
  readonly advice: string;
  readonly stats: Result<Spectrum>['stats'];
  readonly command: string;
  readonly data: Provenance['train'];
}

/** Runs the analysis at an opened point, with progress on standard error; a signal ends it with what was found. */
export async function spectrumOfPoint(
  { opened, theta, step }: OpenedPoint,
  parameters: Record<string, unknown>,
  terminal: Terminal,
  command: string,
): Promise<SpectrumDocument> {
  const { objective, experiment } = opened;
  const progress = progressLine(terminal.err);
  const point = objective.space.copy(theta);
  const signal = { aborted: false };
  const removeSignals = onStopSignal(() => {
    signal.aborted = true;
  });
  try {
    const { value, status, stats } = await runSpectrum(objective, point, parameters, {
      rng: opened.rng.split('spectrum').split(`step ${step ?? 0}`),
      signal,
      onProgress: ({ stage, done, total, live }) => {
        const largest = live?.top?.[0];
        progress.update(
          done,
          total,
          'products',
          `${stage}${largest === undefined ? '' : `  λ₁ ≈ ${shortNumber(largest)}`}`,
        );
      },
    });
    progress.end();
    return {
      saddlescope: version,
      experiment: experiment.name,
      step,
      seed: experiment.seed,
      mode: experiment.model.mode,
      ...value,
      status,
      advice: statusAdvice[status],
      stats,
      command,
      data: opened.train,
    };
  } finally {
    removeSignals();
    objective.space.release(point);
  }
}

/** `results/spectrum-step-N.json` of a run. What was cancelled never replaces what was finished. */
export async function storeSpectrum(run: string, document: SpectrumDocument): Promise<void> {
  if (document.status === 'cancelled') return;
  await writeResult(run, `spectrum-step-${document.step}.json`, `${writeJson(document, 1)}\n`);
}

/** The document for people: eigenvalues with residuals, density as a curve, trace with its standard error. */
export function spectrumLines(document: SpectrumDocument, colours: boolean): string[] {
  const { eigenvalues, bottom, density, trace, stats, status } = document;
  const rows = (list: Spectrum['eigenvalues'], name: (i: number) => string) =>
    list.map(
      ({ value, residual, errorBound }, i) =>
        `  ${name(i).padEnd(8)} ${certified(value, errorBound).padEnd(26)} residual ${residual.toExponential(1)}`,
    );
  const lines = [
    `${document.experiment}${document.step === null ? '' : `, step ${document.step}`}: ${document.operator === 'hessian' ? 'Hessian' : 'Gauss–Newton matrix'} of ${document.convention.formula}`,
    `loss ${document.loss.toPrecision(7)}, ‖∇L‖ ${document.gradientNorm.toPrecision(4)}, ${document.dim} parameters, ${document.engine} ${document.precision}`,
  ];
  if (eigenvalues.length > 0)
    lines.push(
      '',
      'Largest eigenvalues (± bound on the distance to a true one)',
      ...rows(eigenvalues, (i) => `λ${i + 1}`),
    );
  if (bottom.length > 0) lines.push('', 'Most negative eigenvalues', ...rows(bottom, (i) => `λ₋${i + 1}`));
  if (trace)
    lines.push('', `Trace ${certified(trace.value, trace.standardError)} (standard error, ${trace.probes} probes)`);
  if (density) lines.push('', ...densityLines(density, colours));
  lines.push('', `${status}: ${document.advice} ${stats.products} products, ${stats.seconds.toFixed(1)} s.`);
  return lines;
}

function densityLines(density: NonNullable<Spectrum['density']>, colours: boolean): string[] {
  const floor = 1e-6 * Math.max(...density.y);
  const curve = {
    name: `density, ${density.probes} starts × ${density.steps} steps`,
    x: density.x,
    y: Array.from(density.y, (y) => Math.max(y, floor)),
    colour: 36,
  };
  return braillePlot([curve], {
    title: 'Spectral density',
    xLabel: 'λ',
    width: 76,
    height: 8,
    logarithmic: true,
    colours,
  });
}

export const spectrum: Command = {
  description: {
    name: 'spectrum',
    operands: ['RUN|EXPERIMENT'],
    summary: `${spectrumDescriptor.question}`,
    options: [
      { name: 'at', value: 'STEP', help: 'the checkpoint of RUN; the last one by itself' },
      ...analysisOptions(spectrumDescriptor),
      ...experimentOptions,
      {
        name: 'check',
        value: null,
        help: 'check the model first: determinism, symmetry, gradient and products by differences; and, up to 600 parameters, every eigenvalue against the dense Hessian',
      },
      { name: 'json', value: null, help: 'one JSON document on standard output' },
    ],
  },
  more: [
    'The JSON document has eigenvalues [{value, residual, errorBound}] largest first, bottom (most negative first),',
    'density {x, y, standardError, cumulative, kernelWidth}, trace {value, standardError, probes}, convention, engine,',
    'precision, status, stats. Numbers that JSON cannot write are the texts "NaN", "Infinity" and "-Infinity".',
    '',
    'References:',
    ...spectrumDescriptor.references.map(({ authors, year, title }) => `  ${authors} (${year}): ${title}`),
  ],
  async run(args, terminal) {
    const [operand = ''] = args.operands;
    const given = await readGiven(operand, args);
    const parameters = givenParameters(spectrumDescriptor, args);
    const point = await openPoint(given, args.number('at', { least: 0 }));
    try {
      const command = thisCommand();
      const check = args.has('check') ? await checkPoint(point) : null;
      const document = await spectrumOfPoint(point, parameters, terminal, command);
      const comparison = check === null ? null : await compareWithDense(point, document);
      if (given.run !== null) await storeSpectrum(given.run, document);
      const verdict = check === null ? {} : { check: check.items, dense: comparison };
      if (args.has('json')) terminal.out.write(`${writeJson({ ...document, ...verdict })}\n`);
      else {
        const lines = spectrumLines(document, terminal.colours(terminal.out));
        if (check !== null) lines.push('', ...checkLines(check, comparison));
        terminal.out.write(`${lines.join('\n')}\n`);
      }
      if (check?.failed || comparison?.agrees === false) return exitCode.notConverged;
      return document.status === 'converged' || document.status === 'invariantSubspace'
        ? exitCode.done
        : exitCode.notConverged;
    } finally {
      point.opened.dispose();
    }
  },
};
