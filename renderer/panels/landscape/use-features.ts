import { useEffect, useRef, useState } from 'react';
import type { SliceField } from '../../../core/analyses/slices/slice.ts';
import type { JudgedTree } from '../../../core/fields/persistence.ts';
import type { ShownLandscape } from '../../state/results.ts';
import type { FeaturesAnswer, FeaturesRequest } from './features-worker.ts';

/** Of a field: its range where it is finite. */
function rangeOf({ values, computed }: SliceField): number {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (computed[i] !== 1 || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? high - low : 0;
}

/** Features of a grid, and the least persistence of those listed. */
export interface Features {
  readonly tree: JudgedTree;
  readonly field: SliceField;
  readonly threshold: number;
}

/**
 * The minima and passes of a quantity of the slice, found in a worker: the page never waits for them. Null while they are
 * not wanted, and until they are known.
 */
export function useFeatures(
  slice: ShownLandscape['slice'] | null,
  field: SliceField | null,
  prominence: number,
  wanted: boolean,
): Features | null {
  const worker = useRef<Worker | null>(null);
  const last = useRef(0);
  const [features, setFeatures] = useState<Features | null>(null);
  useEffect(
    () => () => {
      worker.current?.terminate();
      worker.current = null;
    },
    [],
  );
  useEffect(() => {
    if (!wanted || slice === null || field === null) return setFeatures(null);
    const id = ++last.current;
    const threshold = prominence * rangeOf(field);
    worker.current ??= new Worker(new URL('./features-worker.ts', import.meta.url), { type: 'module' });
    worker.current.onmessage = ({ data }: MessageEvent<FeaturesAnswer>) => {
      if (data.id === last.current) setFeatures({ tree: data.tree, field, threshold });
    };
    const { values, computed, certificate, uncertainty } = field;
    const request: FeaturesRequest = {
      id,
      axes: slice.axes,
      field: { values, computed },
      options: {
        standardError: certificate === null ? null : uncertainty,
        precision: slice.precision,
        threshold,
      },
    };
    worker.current.postMessage(request);
  }, [slice, field, prominence, wanted]);
  return features;
}
