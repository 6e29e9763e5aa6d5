import { randomUUID } from 'node:crypto';
import { sliceDescriptor } from '../../../../core/analyses/slices/descriptor.ts';
import { spectrumDescriptor } from '../../../../core/analyses/spectrum/descriptor.ts';
import type { AnalysisDocument } from '../../../../core/experiment/result-documents.ts';
import type { PartialSlice } from '../../../../core/protocol/methods.ts';
import { checkPoint, compareWithDense } from '../../documents/check-point.ts';
import { type SliceDocumentSoFar, sliceOfPoint, storeSlice } from '../../documents/slice-document.ts';
import { spectrumOfPoint, storeSpectrum } from '../../documents/spectrum-document.ts';
import { analysisCommand } from '../../run-again.ts';
import { Cancelled, type Method, outcomeOf } from '../method.ts';
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

export const spectrum: Method<'spectrum'> = ({ source, parameters, keep }, context) =>
  atPoint(source, context, async (point, { run, operand }) => {
    const command = analysisCommand(spectrumDescriptor, operand, point.step, parameters);
    const document = await spectrumOfPoint(point, parameters, command, {
      signal: context.signal,
      onProgress: context.progress,
    });
    const value = { ...document, kept: await kept(document, run, keep, storeSpectrum) };
    return { value, status: document.status, stats: document.stats };
  });

/** Between two pictures of a slice on its way; longer for grids that take long to copy. */
const pictureMs = 150;
const copiedCellsPerMs = 2000;

/** Hands pictures of a growing grid on, as often as is worth it. */
function pictures(give: (picture: PartialSlice) => void): (soFar: SliceDocumentSoFar) => void {
  let given = Number.NEGATIVE_INFINITY;
  return (soFar) => {
    const now = performance.now();
    if (now - given < Math.max(pictureMs, soFar.computed.length / copiedCellsPerMs)) return;
    given = now;
    give(soFar);
  };
}

export const slice: Method<'slice'> = ({ source, parameters, keep }, context) =>
  atPoint(source, context, async (point, { run, operand }) => {
    const command = analysisCommand(sliceDescriptor, operand, point.step, parameters);
    const document = await sliceOfPoint(point, run, parameters, command, {
      signal: context.signal,
      onProgress: context.progress,
      onGrid: pictures((picture) => context.partial(picture)),
    });
    const why = await kept(document, run, keep, storeSlice);
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
