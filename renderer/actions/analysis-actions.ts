import type { SpectrumDocument } from '../../core/experiment/result-documents.ts';
import { compute } from '../client/compute.ts';
import type { PlaneKind } from '../state/plane-kind.ts';
import {
  putModes,
  putOverlap,
  putSampling,
  putSpectrum,
  putStructure,
  sameBlocks,
  useResults,
} from '../state/results.ts';
import { runOf } from '../state/runs.ts';
import { announce } from '../state/session.ts';
import { startJob } from './analysis-job.ts';
import { reporting } from './failures.ts';
import { pinPlane } from './live-landscape.ts';
import { askedFor, type SliceCentre, startSlice } from './slice-job.ts';

/** What a job on a run at a step is called, in full and in brief. */
function called(what: string, run: string, step: number | null) {
  const at = step === null ? '' : ` at step ${step}`;
  return { title: `${what} of ${runOf(run)?.title ?? 'the run'}${at}`, brief: `${what}${at}`, run };
}

/**
 * Computes a slice of a run at a checkpoint (null: the last) or another centre, coarse to fine; pictures appear as they
 * come. What was stopped goes on.
 */
export function runSlice(
  run: string,
  step: number | null,
  parameters: Readonly<Record<string, unknown>>,
  centre?: SliceCentre,
): void {
  const job = startSlice({ run, parameters, step, automatic: false, keep: centre === undefined, centre });
  void job.ended.then((outcome) => {
    if (outcome && (step !== null || centre)) pinPlane(outcome.value.planeId);
  });
}

/** Goes on with a slice that was stopped, where it was stopped. */
export function continueSlice(run: string, plane: PlaneKind): void {
  const asked = askedFor(run, plane);
  if (asked) runSlice(run, asked.step, asked.parameters, asked.centre);
}

/** Eigenvalues, density and trace at a checkpoint (null: the last), as the parameters say. */
export function runSpectrum(run: string, step: number | null, parameters: Readonly<Record<string, unknown>>): void {
  const job = startJob('spectrum', { source: { run, step }, parameters, keep: true }, called('Spectrum', run, step));
  void job.ended.then((outcome) => {
    if (!outcome || !runOf(run)) return;
    const { kept, step: at, operator, precision } = outcome.value;
    const isThere = (useResults.getState().spectra[run] ?? []).some(
      (one) =>
        one.step === at && one.operator === operator && one.precision === precision && sameBlocks(one, outcome.value),
    );
    // The folder holds one that tells more: that is shown already.
    if (kept !== null && isThere) announce(`The spectrum that was there stays: ${kept}`);
    else putSpectrum(run, outcome.value);
  });
}

/** How far the top subspaces of steps, halves of the data or layers coincide. */
export function runOverlap(run: string, step: number | null, parameters: Readonly<Record<string, unknown>>): void {
  const job = startJob('overlap', { source: { run, step }, parameters, keep: true }, called('Overlap', run, step));
  void job.ended.then((outcome) => {
    if (outcome && runOf(run)) putOverlap(run, outcome.value);
  });
}

/** The error that sharpness and trace have because they are of these examples, at a checkpoint (null: the last). */
export function runSampling(run: string, step: number | null, parameters: Readonly<Record<string, unknown>>): void {
  const about = called('Sampling error', run, step);
  const job = startJob('sampling', { source: { run, step }, parameters, keep: true }, about);
  void job.ended.then((outcome) => {
    if (!outcome || !runOf(run)) return;
    const { kept, step: at } = outcome.value;
    const isThere = (useResults.getState().samplings[run] ?? []).some((one) => one.step === at);
    if (kept !== null && isThere) announce(`The sampling error that was there stays: ${kept}`);
    else putSampling(run, outcome.value);
  });
}

/** What the curvature is made of at a checkpoint (null: the last): classes, subspaces, blocks; every sharpness. */
export function runStructure(run: string, step: number | null, parameters: Readonly<Record<string, unknown>>): void {
  const job = startJob('structure', { source: { run, step }, parameters, keep: true }, called('Structure', run, step));
  void job.ended.then((outcome) => {
    if (!outcome || !runOf(run)) return;
    const { kept, step: at } = outcome.value;
    const isThere = (useResults.getState().structures[run] ?? []).some((one) => one.step === at);
    // The folder holds one that tells more: that is shown already.
    if (kept !== null && isThere) announce(`The structure that was there stays: ${kept}`);
    else putStructure(run, outcome.value);
  });
}

/** Mode strengths of a deep linear network up to a checkpoint (null: the last), beside the exact solution. */
export function runModes(run: string, step: number | null, parameters: Readonly<Record<string, unknown>>): void {
  const about = called('Learning modes', run, step);
  const job = startJob('modes', { source: { run, step }, parameters, keep: true }, about);
  void job.ended.then((outcome) => {
    if (outcome && runOf(run)) putModes(run, outcome.value);
  });
}

/** `check this`: the model by differences, the eigenvalues of a spectrum (of the latest by itself) against the dense matrix. */
export function runCheck(run: string, step: number | null, given: SpectrumDocument | null = null): void {
  const spectra = useResults.getState().spectra[run] ?? [];
  const spectrum = given ?? spectra.filter((one) => step === null || one.step === step).at(-1) ?? null;
  const at = step ?? spectrum?.step ?? null;
  const job = startJob('check', { source: { run, step: at }, spectrum }, called('Check', run, at));
  void job.ended.then((outcome) => {
    if (!outcome || !runOf(run)) return;
    const report = outcome.value;
    useResults.setState(({ checks }) => ({ checks: { ...checks, [run]: { step: at, report, spectrum } } }));
  });
}

const measuring = new Map<string, Promise<void>>();

/** Seconds of one loss, gradient and product of this run, measured once. */
export function measureCosts(run: string): Promise<void> {
  if (useResults.getState().costs[run]) return Promise.resolve();
  const under = measuring.get(run);
  if (under) return under;
  const work = compute.call('measure', { source: { run, step: null } }).outcome.then(
    ({ value }) => {
      if (runOf(run)) useResults.setState(({ costs }) => ({ costs: { ...costs, [run]: value } }));
    },
    // A cost that is not known is shown as such.
    () => {},
  );
  const measured = work.finally(() => measuring.delete(run));
  measuring.set(run, measured);
  return measured;
}

/** report.html into the run folder. */
export async function writeReport(run: string): Promise<void> {
  await reporting(async () => {
    const job = startJob('report', { run }, called('Report', run, null));
    const outcome = await job.ended;
    if (outcome) announce(`The report is written: ${outcome.value.file}`);
  });
}
