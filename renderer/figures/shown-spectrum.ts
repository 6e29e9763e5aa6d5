import type { SpectrumDocument } from '../../core/experiment/result-documents.ts';

/** The spectrum that tells of a step: the nearest one, of two as near the earlier; without a cursor the latest. */
export function shownSpectrum(spectra: readonly SpectrumDocument[], cursor: number | null): SpectrumDocument | null {
  const hessian = spectra.filter(({ operator }) => operator === 'hessian');
  const among = hessian.length > 0 ? hessian : spectra;
  const far = ({ step }: SpectrumDocument) => (cursor === null ? -(step ?? 0) : Math.abs((step ?? 0) - cursor));
  return among.reduce<SpectrumDocument | null>(
    (best, document) => (best === null || far(document) < far(best) ? document : best),
    null,
  );
}
