import type { InitialWeights } from './deep-linear/initial-weights.ts';

/** ½ ‖W_N ⋯ W₁ − S‖² with S = U diag(s) Vᵀ; U and V are the identity, or rotations drawn with the seed. */
export interface DeepLinearSettings {
  readonly kind: 'deepLinear';
  /** Width of every hidden layer: one matrix more than that. */
  readonly hidden: readonly number[];
  readonly singularValues: readonly number[];
  readonly inputs: number;
  readonly outputs: number;
  readonly rotate: boolean;
  readonly initial: InitialWeights;
}

/** A surface of two variables by its name. */
export interface SurfaceSettings {
  readonly kind: 'surface';
  readonly surface: string;
  /** θ₀ = (x, y). */
  readonly start: readonly [number, number];
}

/** A function of θ alone, without data. */
export type ClosedFormSettings = DeepLinearSettings | SurfaceSettings;
