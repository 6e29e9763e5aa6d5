import type { SliceDirection } from '../slice.ts';

/** A direction as its method found it, before any scaling. */
export interface FoundDirection {
  /** Null where the work ended (cancelled, not finite) before it was known. */
  readonly vector: Float64Array | null;
  readonly about: Omit<SliceDirection, 'norm'>;
}

export const foundDirection = (
  vector: Float64Array | null,
  kind: string,
  more: Partial<FoundDirection['about']> = {},
): FoundDirection => ({
  vector,
  about: { kind, eigenvalue: null, residual: null, explained: null, ...more },
});
