import type { PointKind } from '../../state/searches.ts';

/** Outlines around (0, 0), as SVG writes paths: the same on the scatter and in lists. */
export const kindPaths: Readonly<Record<PointKind, string>> = {
  certified: 'M4.2 0A4.2 4.2 0 1 1 -4.2 0A4.2 4.2 0 1 1 4.2 0Z',
  critical: 'M4 0A4 4 0 1 1 -4 0A4 4 0 1 1 4 0Z',
  gradientFlat: 'M0 -4.6L4.4 3.4L-4.4 3.4Z',
  notConverged: 'M-3.4 -3.4L3.4 3.4M3.4 -3.4L-3.4 3.4',
  atInfinity: 'M-3.6 -3.6H3.6V3.6H-3.6Z',
};

/** The sign of a kind of point, beside its word. */
export function KindSign({ kind }: { readonly kind: PointKind }) {
  return (
    <svg className={`kind-sign kind-${kind}`} width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">
      <path d={kindPaths[kind]} />
    </svg>
  );
}
