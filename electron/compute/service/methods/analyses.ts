import { randomUUID } from 'node:crypto';
import { modesDescriptor } from '../../../../core/analyses/modes/descriptor.ts';
import { overlapDescriptor } from '../../../../core/analyses/overlap/descriptor.ts';
import { samplingDescriptor } from '../../../../core/analyses/sampling/descriptor.ts';
import { sliceDescriptor } from '../../../../core/analyses/slices/descriptor.ts';
import { spectrumDescriptor } from '../../../../core/analyses/spectrum/descriptor.ts';
import { structureDescriptor } from '../../../../core/analyses/structure/descriptor.ts';
import { BadInput } from '../../../../core/bad-input.ts';
import type { AnalysisDocument } from '../../../../core/experiment/result-documents.ts';
import type { Outcome } from '../../../../core/protocol/messages.ts';
import type { PartialSlice } from '../../../../core/protocol/methods.ts';
import type { Monitor } from '../../documents/analysis-document.ts';
import { checkPoint, compareWithDense } from '../../documents/check-point.ts';
import { modesOfPoint, storeModes } from '../../documents/modes-document.ts';
import { overlapOfPoint, storeOverlap } from '../../documents/overlap-document.ts';
import { samplingOfPoint, storeSampling } from '../../documents/sampling-document.ts';
import { type SliceDocumentSoFar, sliceOfPoint, storeSlice } from '../../documents/slice-document.ts';
import { spectrumOfPoint, storeSpectrum } from '../../documents/spectrum-document.ts';
import { storeStructure, structureOfPoint } from '../../documents/structure-document.ts';
import { analysisCommand } from '../../run-again.ts';
import { otherRun } from '../grants.ts';
import { Cancelled, type Method, type MethodContext, outcomeOf } from '../method.ts';
import { atPoint } from '../sources.ts';

/** Stores a result in its run where that is wanted. Answers why it was not stored, or null. */
async function kept<T extends AnalysisDocument>(
  document: T,
  run: string | null,
  wanted: boolean,
  store: (run: string, document: T) => Promise<string | null>,
): Promise<string | null> {
  if (!wanted) return null;
  return run === null ? 'It belongs to no run.' : store(run, document);
}

/** The answer of an analysis whose document is all that there is of it. */
async function answered<D extends AnalysisDocument>(
  document: D,
  run: string | null,
  wanted: boolean,
  store: (run: string, document: D) => Promise<string | null>,
): Promise<Outcome<D & { readonly kept: string | null }>> {
  const value = { ...document, kept: await kept(document, run, wanted, store) };
  return { value, status: document.status, stats: document.stats };
}

const monitorOf = ({ signal, progress }: Pick<MethodContext<'spectrum'>, 'signal' | 'progress'>): Monitor => ({
  signal,
  onProgress: progress,
});

export const spectrum: Method<'spectrum'> = ({ source, parameters, keep }, context) =>
  atPoint(source, context, async (point, { run, operand }) => {
    const command = analysisCommand(spectrumDescriptor, operand, point.step, parameters);
    const whole = await spectrumOfPoint(point, parameters, command, monitorOf(context));
    // Vectors of parameter length stay on this side: they lie in the run's folder.
    const { vectors: _, diagonal: __, ...shown } = whole;
    return answered(shown, run, keep, (folder) => storeSpectrum(folder, whole));
  });

export const overlap: Method<'overlap'> = ({ source, parameters, keep }, context) =>
  atPoint(source, context, async (point, { run, operand }) => {
    const command = analysisCommand(overlapDescriptor, operand, point.step, parameters);
    const document = await overlapOfPoint(point, run, parameters, command, monitorOf(context));
    return answered(document, run, keep, storeOverlap);
  });

export const sampling: Method<'sampling'> = ({ source, parameters, keep }, context) =>
  atPoint(source, context, async (point, { run, operand }) => {
    const command = analysisCommand(samplingDescriptor, operand, point.step, parameters);
    const document = await samplingOfPoint(point, parameters, command, monitorOf(context));
    return answered(document, run, keep, storeSampling);
  });

export const structure: Method<'structure'> = ({ source, parameters, keep }, context) =>
  atPoint(source, context, async (point, { run, operand }) => {
    const command = analysisCommand(structureDescriptor, operand, point.step, parameters);
    const document = await structureOfPoint(point, parameters, command, monitorOf(context));
    return answered(document, run, keep, storeStructure);
  });

export const modes: Method<'modes'> = ({ source, parameters, keep }, context) =>
  atPoint(source, context, async (point, { run, operand }) => {
    const command = analysisCommand(modesDescriptor, operand, point.step, parameters);
    const document = await modesOfPoint(point, run, parameters, command, monitorOf(context));
    return answered(document, run, keep, storeModes);
  });

/** Between two pictures of a slice on its way; longer for grids that take long to copy. */
const pictureMs = 150;
const copiedCellsPerMs = 2000;

/** Hands pictures of a growing grid on, as often as is worth it. */
function pictures(give: (picture: PartialSlice) => void): (soFar: SliceDocumentSoFar) => void {
  let given = Number.NEGATIVE_INFINITY;
  return (soFar) => {
    const now = performance.now();
    if (now - given < Math.max(pictureMs, (soFar.fields.length * soFar.fields[0].values.length) / copiedCellsPerMs))
      return;
    given = now;
    give(soFar);
  };
}

/** The page names other runs by their references, and no files. */
function withPaths(
  parameters: Readonly<Record<string, unknown>>,
  context: MethodContext<'slice'>,
): Readonly<Record<string, unknown>> {
  if (typeof parameters.file === 'string')
    throw new BadInput('Directions of a file cannot be named here.', 'Use the command line: --file.');
  const resolved = (text: unknown): unknown => {
    const reference = otherRun(text);
    return reference === null ? text : `${context.path(reference)}${String(text).slice(reference.length)}`;
  };
  const others = ['to', 'third'].filter((name) => name in parameters);
  return { ...parameters, ...Object.fromEntries(others.map((name) => [name, resolved(parameters[name])])) };
}

export const slice: Method<'slice'> = ({ source, parameters, keep }, context) =>
  atPoint(source, context, async (point, { run, operand }) => {
    const known = withPaths(parameters, context);
    const command = analysisCommand(sliceDescriptor, operand, point.step, known);
    let forget = async (): Promise<void> => {};
    const monitor = {
      signal: context.signal,
      onProgress: context.progress,
      onGrid: pictures((picture) => context.partial(picture)),
      onWhole: (remove: () => Promise<void>) => {
        forget = remove;
      },
    };
    // What is not to be kept leaves no half of it in the run either.
    const state = keep ? {} : { state: null };
    const document = await sliceOfPoint(point, run, known, command, monitor, state);
    const why = await kept(document, run, keep, storeSlice);
    await forget();
    const planeId = randomUUID();
    context.hold(planeId, { document, origin: Float64Array.from(point.theta) });
    const { vectors: _, ...shown } = document;
    return { value: { ...shown, planeId, kept: why }, status: document.status, stats: document.stats };
  });

export const check: Method<'check'> = ({ source, spectrum: found }, context) =>
  atPoint(source, context, (point) =>
    outcomeOf(async () => {
      const { signal } = context;
      const checked = await checkPoint(point, { signal });
      if (checked === null) throw new Cancelled();
      const items = checked.items.map(({ outcome, sentence }) => ({ outcome, sentence }));
      const dense = found === null ? null : await compareWithDense(point, found, { signal });
      if (signal.aborted) throw new Cancelled();
      return { items, dense };
    }),
  );
