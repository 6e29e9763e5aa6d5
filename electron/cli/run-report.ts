import fs from 'node:fs/promises';
import path from 'node:path';
import { type Provenance, runFiles } from '../../core/experiment/run-folder.ts';
import { edgeSentence } from '../../core/figures/edge-sentence.ts';
import { type Figure, tableCsv } from '../../core/figures/figure.ts';
import { type KeyNumber, type ReportInput, reportHtml } from '../../core/figures/report.ts';
import { readJson } from '../../core/formats/json-numbers.ts';
import { lossConvention } from '../../core/objective/loss-convention.ts';
import { stabilityThreshold } from '../../core/training/optimizers.ts';
import { trainingSettings } from '../../core/training/settings.ts';
import { atomicWrite } from '../host/atomic-write.ts';
import { renderSvg } from '../host/render-figure.ts';
import {
  readExperimentYaml,
  readProvenance,
  readRunMetrics,
  readStoredExperiment,
  writeResult,
} from '../host/run-folder.ts';
import { commandLine } from './command-line.ts';
import type { SpectrumDocument } from './commands/spectrum.ts';
import {
  lossProbesOf,
  type Records,
  runDensityFigure,
  runLossFigure,
  runSharpnessFigure,
  sharpnessPoints,
  slicePlaneFigure,
  spectrumFigures,
  stepsOf,
} from './run-figures.ts';
import type { SliceDocument } from './slice-document.ts';

type StoredSlice = Omit<SliceDocument, 'vectors'>;

/** Results of a kind, those of the latest step last. */
async function storedResults<T extends { readonly step: number | null }>(run: string, prefix: string): Promise<T[]> {
  const folder = path.join(run, runFiles.results);
  const names = (await fs.readdir(folder).catch(() => [])).filter(
    (name) => name.startsWith(prefix) && name.endsWith('.json'),
  );
  const documents = await Promise.all(
    names.map(async (name) => readJson(await fs.readFile(path.join(folder, name), 'utf8')) as T),
  );
  return documents.sort((a, b) => (a.step ?? 0) - (b.step ?? 0));
}

/** The latest slice of each plane. */
const latestOfEachPlane = (slices: readonly StoredSlice[]): StoredSlice[] => [
  ...new Map(slices.map((slice) => [slice.plane, slice])).values(),
];

function keyNumbers(
  records: Records,
  thresholdName: string,
  spectrum: SpectrumDocument | null,
  precision: Provenance['precision'],
): KeyNumber[] {
  const numbers: KeyNumber[] = [];
  const loss = lossProbesOf(records).at(-1);
  if (loss) {
    const percent = (share: number | null) => (share === null ? 'unknown' : `${(100 * share).toFixed(1)} %`);
    const test = loss.test
      ? ` On ${loss.test.examples} test examples ${percent(loss.test.error)} are misclassified.`
      : '';
    numbers.push({
      name: 'Training loss',
      symbol: 'L',
      value: loss.train.loss,
      uncertainty: { kind: 'standard error', size: loss.train.standardError },
      status: null,
      precision,
      meaning: `At step ${loss.step} over ${loss.train.examples} examples, ${percent(loss.train.error)} of them misclassified.${test}`,
    });
  }
  const points = sharpnessPoints(records);
  const last = points.at(-1);
  if (last)
    numbers.push({
      name: 'Sharpness',
      symbol: 'λ₁',
      value: last.value,
      uncertainty: { kind: 'residual', size: last.residual },
      status: last.converged ? 'converged' : 'budgetSpent',
      precision,
      meaning: `At step ${last.step}. ${edgeSentence(points, thresholdName)}`,
    });
  if (spectrum?.trace)
    numbers.push({
      name: 'Trace of the Hessian',
      symbol: 'tr H',
      value: spectrum.trace.value,
      uncertainty: { kind: 'standard error', size: spectrum.trace.standardError },
      status: spectrum.parts.trace,
      precision: spectrum.precision,
      meaning: `From ${spectrum.trace.probes} random probes; the mean eigenvalue is ${(spectrum.trace.value / spectrum.dim).toPrecision(2)}.`,
    });
  return numbers;
}

function provenanceRows(provenance: Provenance): [string, string][] {
  const data = ({ source, examples, sha256 }: Provenance['train']) =>
    `${source}; ${examples} examples, sha256 ${sha256.slice(0, 16)}…`;
  return [
    ['Program', `saddlescope ${provenance.saddlescope}`],
    ['Command', provenance.command],
    ['Started', provenance.startedAt],
    [
      'Engine',
      `${provenance.engine}, ${provenance.precision}${provenance.tfjs ? `, TensorFlow.js ${provenance.tfjs}` : ''}`,
    ],
    ['Machine', `${provenance.processor}, ${provenance.cores} cores, ${provenance.platform}, Node ${provenance.node}`],
    ['Seed', String(provenance.seed)],
    ['Experiment', `sha256 ${provenance.experimentHash}`],
    ['Training data', data(provenance.train)],
    ...(provenance.test ? [['Test data', data(provenance.test)] as [string, string]] : []),
  ];
}

/** Thin spaces every three digits. */
const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, '\u2009');

/** A record of step n is the update from n to n + 1; one with a status was not made. */
const stepsMade = (records: Records): number =>
  stepsOf(records).reduce((most, { step, status }) => Math.max(most, status === null ? step + 1 : step), 0);

/** Everything a report says, from what lies in the run folder; nothing is computed anew. */
async function reportInput(run: string): Promise<{ input: Omit<ReportInput, 'figures'>; figures: Figure[] }> {
  const [{ experiment, hash }, provenance, records, experimentYaml] = await Promise.all([
    readStoredExperiment(run),
    readProvenance(run),
    readRunMetrics(run),
    readExperimentYaml(run),
  ]);
  const spectrum = (await storedResults<SpectrumDocument>(run, 'spectrum-')).at(-1) ?? null;
  const slices = latestOfEachPlane(await storedResults<StoredSlice>(run, 'slice-'));
  const settings = trainingSettings(experiment.optimizer.kind, experiment.optimizer.settings);
  const { label: thresholdName, value: limit, of } = stabilityThreshold(settings, settings.learningRate);
  const threshold = limit !== null && of === 'hessian' ? { name: thresholdName, value: limit } : null;
  const convention = lossConvention(experiment.loss, experiment.reduction);
  const again = commandLine(['report', run]);
  const sources = {
    records,
    fullBatch: settings.batchSize === null,
    formula: convention.formula,
    thresholdName,
    command: again,
  };
  const figures = [
    runLossFigure(sources),
    runSharpnessFigure(sources),
    runDensityFigure(sources),
    ...(spectrum ? spectrumFigures(spectrum, threshold) : []),
    ...slices.map(slicePlaneFigure),
  ].filter((figure) => figure !== null);
  const input: Omit<ReportInput, 'figures'> = {
    name: experiment.name,
    program: `Saddlescope ${provenance.saddlescope}`,
    date: provenance.startedAt,
    summary: `${grouped(provenance.parameters)} parameters, ${grouped(stepsMade(records))} steps of ${experiment.optimizer.kind}, ${convention.formula}`,
    engine: provenance.engine,
    precision: provenance.precision,
    seed: provenance.seed,
    experimentHash: hash,
    keyNumbers: keyNumbers(records, thresholdName, spectrum, provenance.precision),
    eigenvalues: spectrum && {
      where: spectrum.step === null ? 'initial point' : `step ${spectrum.step}`,
      top: spectrum.eigenvalues,
      bottom: spectrum.bottom,
      status: spectrum.parts.eigenvalues ?? spectrum.status,
      command: spectrum.command,
    },
    missing: [
      ...(spectrum
        ? []
        : [{ what: 'There is no spectrum yet.', command: commandLine(['spectrum', run, '--density', '--trace']) }]),
      ...(slices.length > 0
        ? []
        : [{ what: 'There is no slice yet.', command: commandLine(['slice', run, '--plane', 'pca']) }]),
    ],
    warnings: slices.flatMap(({ plane, warnings }) => warnings.map((warning) => `On the ${plane} plane: ${warning}`)),
    statuses: [
      ...(spectrum ? [{ what: 'Spectrum', status: spectrum.status, advice: spectrum.advice }] : []),
      ...slices.map(({ plane, status, advice }) => ({ what: `Slice, ${plane} plane`, status, advice })),
    ],
    provenance: provenanceRows(provenance),
    experimentYaml,
  };
  return { input, figures };
}

/** Writes report.html and every figure with its numbers under results/figures. Returns the path of the page. */
export async function writeReport(run: string): Promise<string> {
  const { input, figures } = await reportInput(run);
  const drawn = [];
  for (const figure of figures) {
    const svg = await renderSvg(figure.specification);
    drawn.push({ figure, svg });
    await writeResult(run, path.join('figures', `${figure.id}.svg`), svg);
    await writeResult(run, path.join('figures', `${figure.id}.csv`), tableCsv(figure.data));
    await writeResult(run, path.join('figures', `${figure.id}.vl.json`), `${JSON.stringify(figure.specification)}\n`);
  }
  const file = path.join(run, runFiles.report);
  await atomicWrite(file, reportHtml({ ...input, figures: drawn }));
  return file;
}
