import type { LossConvention } from '../loss-convention.ts';

/** The matrices of the curvature of a loss. */
export type CurvatureKind =
  | 'hessian'
  | 'gaussNewton'
  | 'residual'
  | 'fisher'
  | 'fisherMonteCarlo'
  | 'fisherEmpirical'
  | 'gradientCovariance'
  | 'ntk'
  | 'preconditioned';

export const curvatureKinds = [
  'hessian',
  'gaussNewton',
  'residual',
  'fisher',
  'fisherMonteCarlo',
  'fisherEmpirical',
  'gradientCovariance',
  'ntk',
  'preconditioned',
] as const satisfies readonly CurvatureKind[];

export interface CurvatureDescription {
  /** For people. */
  readonly name: string;
  /** In plain Unicode; `over` is `(1/N) ` for the mean over examples and empty for the sum. */
  formula(over: string): string;
  /** One or two sentences on the scale and on what has no part in it. */
  readonly scale: string;
  /** As `counted` counts, for each vector it is applied to. */
  readonly productsPerApply: number;
  /** Needs what single examples contribute, which does not exist where examples are coupled. */
  readonly perExample: boolean;
}

const noPenalties = 'Penalties of the layers have no part in it.';

export const curvatureDescriptions: Readonly<Record<CurvatureKind, CurvatureDescription>> = {
  hessian: {
    name: 'Hessian',
    formula: () => 'H = ∇²L(θ)',
    scale: 'Of the loss exactly as its formula says, penalties of the layers included.',
    productsPerApply: 1,
    perExample: false,
  },
  gaussNewton: {
    name: 'Gauss–Newton',
    formula: (over) => `G = ${over}Σᵢ Jᵢᵀ Aᵢ Jᵢ, Aᵢ = ∂²ℓᵢ/∂f²`,
    scale: `In the scale of the loss. ${noPenalties}`,
    productsPerApply: 1,
    perExample: false,
  },
  residual: {
    name: 'Hessian less Gauss–Newton',
    formula: (over) => `H − G = ${over}Σᵢ Σ_c (∂ℓᵢ/∂f_c) ∇²f_ic`,
    scale: 'In the scale of the loss; the Hessian of penalties of the layers belongs to it.',
    productsPerApply: 2,
    perExample: false,
  },
  fisher: {
    name: 'Fisher',
    formula: (over) => `F = ${over}Σᵢ Jᵢᵀ Cov_{y∼p(·|fᵢ)}[∂ℓ/∂f] Jᵢ`,
    scale: `In the scale of the loss, of the likelihood p(y|f) ∝ exp(−ℓ): equal to Gauss–Newton. ${noPenalties}`,
    productsPerApply: 1,
    perExample: true,
  },
  fisherMonteCarlo: {
    name: 'Fisher with drawn labels',
    formula: (over) => `F_S = ${over}Σᵢ (1/S) Σₛ gᵢₛ gᵢₛᵀ, gᵢₛ = Jᵢᵀ ∂ℓ/∂f at yᵢₛ ∼ p(·|fᵢ)`,
    scale: `In the scale of the loss; an unbiased estimate of the exact Fisher matrix. ${noPenalties}`,
    productsPerApply: 2,
    perExample: true,
  },
  fisherEmpirical: {
    name: 'Empirical Fisher',
    formula: (over) => `F̂ = ${over}Σᵢ gᵢ gᵢᵀ, gᵢ = ∇ℓᵢ at the true target`,
    scale: `In the scale of the loss. ${noPenalties}`,
    productsPerApply: 2,
    perExample: true,
  },
  gradientCovariance: {
    name: 'Gradient covariance',
    formula: () => 'C = (1/N) Σᵢ gᵢ gᵢᵀ − ḡ ḡᵀ, gᵢ = ∇ℓᵢ',
    scale: `Of the gradient of one example, divided by N also where the loss is a sum. ${noPenalties}`,
    productsPerApply: 2,
    perExample: true,
  },
  ntk: {
    name: 'Neural tangent kernel',
    formula: () => 'K = (1/N) J Jᵀ',
    scale:
      'On the N·C outputs, divided by N also where the loss is a sum: its nonzero eigenvalues are those of JᵀJ/N. The loss has no part in it.',
    productsPerApply: 2,
    perExample: true,
  },
  preconditioned: {
    name: 'Preconditioned Hessian',
    formula: () => 'P^{−1/2} H P^{−1/2}',
    scale: 'In the scale of the loss and of P; its eigenvalues are those of P⁻¹ H, its vectors P^{1/2} times those.',
    productsPerApply: 1,
    perExample: false,
  },
};

/** What stands before Σᵢ in formulas under a convention. */
export function overExamples({ overExamples: over }: LossConvention): string {
  return over === 'mean' ? '(1/N) ' : '';
}
