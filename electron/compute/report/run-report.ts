import path from 'node:path';
import { formulaOfExperiment } from '../../../core/experiment/closed-form.ts';
import { commandLine } from '../../../core/experiment/command-line.ts';
import type { Experiment } from '../../../core/experiment/experiment.ts';
import { modesFigure } from '../../../core/experiment/modes-figures.ts';
import type { ModesDocument } from '../../../core/experiment/result-documents.ts';
import {
  learningRateAt,
  pointsOfRecords,
  type Records,
  runDensityFigure,
  runLossFigure,
  runPreconditionedFigure,
  runSharpnessFigure,
} from '../../../core/experiment/run-figures.ts';
import { noData, type Provenance, runFiles } from '../../../core/experiment/run-folder.ts';
import { type SearchText, searchFigures } from '../../../core/experiment/search-figures.ts';
import { fidelityFigureOf, sliceFigureOf } from '../../../core/experiment/slice-figures.ts';
import { nameOfSlice } from '../../../core/experiment/slice-name.ts';
import { spectrumFigures } from '../../../core/experiment/spectrum-figures.ts';
import { writeExperiment } from '../../../core/experiment/write-experiment.ts';
import { type Figure, tableCsv } from '../../../core/figures/figure.ts';
import { type ReportInput, reportHtml } from '../../../core/figures/report.ts';
import { stabilityThreshold } from '../../../core/training/optimizers.ts';
import type { ProbeKind } from '../../../core/training/records.ts';
import { trainingSettings } from '../../../core/training/settings.ts';
import { atomicWrite } from '../../host/atomic-write.ts';
import { renderSvg } from '../../host/render-figure.ts';
import { readProvenance, readRunMetrics, readStoredExperiment, writeResult } from '../../host/run-folder.ts';
import { latestSlices, latestSpectrum, storedOf, storedSearches } from '../documents/stored-results.ts';
import { probeCounts } from '../probe-counts.ts';
import { criticalPointTable, searchName } from './critical-points.ts';
import { keyNumbers, stepsMade } from './key-numbers.ts';
import { spectrumNotes } from './spectrum-notes.ts';

function provenanceRows(provenance: Provenance): [string, string][] {
  const data = ({ name, source, examples, sha256 }: Provenance['train']) =>
    `${source}; ${name === noData ? '' : `${examples} examples, `}sha256 ${sha256.slice(0, 16)}…`;
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

function madeProbes(records: Records, { probes }: Experiment): string {
  const made = new Map<ProbeKind, number>();
  for (const record of records) if (record.record === 'probe') made.set(record.kind, (made.get(record.kind) ?? 0) + 1);
  return `${probeCounts(made, probes.every, stepsMade(records)) || 'none'}; budget ${100 * probes.budget} % of the time`;
}

/** Figures of several searches have names of their own, as the files that they are written to. */
function figuresOfSearch(search: SearchText, suffix: string | null): Figure[] {
  const figures = searchFigures(search);
  if (suffix === null) return figures;
  return figures.map((figure) => ({
    ...figure,
    id: `${figure.id}-${suffix}`,
    title: `${figure.title}: ${searchName(search)}`,
  }));
}

/** Everything a report says, from what lies in the run folder; nothing is computed anew. */
async function reportInput(run: string): Promise<{ input: Omit<ReportInput, 'figures'>; figures: Figure[] }> {
  const [{ experiment, hash }, provenance, records] = await Promise.all([
    readStoredExperiment(run),
    readProvenance(run),
    readRunMetrics(run),
  ]);
  const refuse = (problem: Error): never => {
    throw problem;
  };
  const [spectrum, slices, searches, modes] = await Promise.all([
    latestSpectrum(run),
    latestSlices(run),
    storedSearches(run, refuse),
    storedOf<ModesDocument>(run, 'modes-', refuse),
  ]);
  const settings = trainingSettings(experiment.optimizer.kind, experiment.optimizer.settings);
  // Schedules and hands change η on the way: the limit is that of the step at which the spectrum was taken.
  const learningRate = learningRateAt(records, spectrum?.step ?? 0) ?? settings.learningRate;
  const { label: thresholdName, value: limit, of } = stabilityThreshold(settings, learningRate);
  const threshold = limit !== null && of === 'hessian' ? { name: thresholdName, value: limit } : null;
  const formula = formulaOfExperiment(experiment);
  const again = commandLine(['report', run]);
  const sources = {
    points: pointsOfRecords(records),
    fullBatch: settings.batchSize === null,
    formula,
    thresholdName,
    command: again,
  };
  const figures = [
    runLossFigure(sources),
    runSharpnessFigure(sources),
    runPreconditionedFigure(sources),
    runDensityFigure(sources),
    ...modes.slice(-1).map((document) => modesFigure(document)),
    ...(spectrum ? spectrumFigures(spectrum, threshold) : []),
    ...slices.flatMap((slice) => [sliceFigureOf(slice), fidelityFigureOf(slice)]),
    ...searches.flatMap((search) => figuresOfSearch(search, searches.length > 1 ? search.search : null)),
  ].filter((figure) => figure !== null);
  const input: Omit<ReportInput, 'figures'> = {
    name: experiment.name,
    program: `Saddlescope ${provenance.saddlescope}`,
    date: provenance.startedAt,
    summary: `${grouped(provenance.parameters)} parameters, ${grouped(stepsMade(records))} steps of ${experiment.optimizer.kind}, ${formula}`,
    engine: provenance.engine,
    precision: provenance.precision,
    seed: provenance.seed,
    experimentHash: hash,
    keyNumbers: keyNumbers(records, thresholdName, spectrum, provenance),
    eigenvalues: spectrum && {
      where: spectrum.step === null ? 'initial point' : `step ${spectrum.step}`,
      top: spectrum.eigenvalues,
      bottom: spectrum.bottom,
      status: spectrum.parts.eigenvalues ?? spectrum.status,
      command: spectrum.command,
    },
    spectrum: spectrum && spectrumNotes(spectrum),
    criticalPoints: searches.map(criticalPointTable),
    missing: [
      ...(spectrum
        ? []
        : [{ what: 'There is no spectrum yet.', command: commandLine(['spectrum', run, '--density', '--trace']) }]),
      ...(slices.length > 0
        ? []
        : [{ what: 'There is no slice yet.', command: commandLine(['slice', run, '--plane', 'pca']) }]),
    ],
    warnings: [
      ...slices.flatMap((slice) => slice.warnings.map((warning) => `On the slice ${nameOfSlice(slice)}: ${warning}`)),
      ...searches.flatMap(({ warnings }) => warnings.map((warning) => `Of the critical points: ${warning}`)),
    ],
    statuses: [
      ...(spectrum ? [{ what: 'Spectrum', status: spectrum.status, advice: spectrum.advice }] : []),
      ...slices.map((slice) => ({ what: `Slice ${nameOfSlice(slice)}`, status: slice.status, advice: slice.advice })),
      ...searches.map((search) => ({
        what: `Critical points: ${searchName(search)}`,
        status: search.status,
        advice: search.advice,
      })),
    ],
    provenance: [...provenanceRows(provenance), ['Probes made', madeProbes(records, experiment)]],
    // With every default and every --set: the file that was given does not say all of it.
    experimentYaml: writeExperiment(experiment),
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
