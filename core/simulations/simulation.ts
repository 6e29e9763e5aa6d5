import type { Status } from '../linalg/result.ts';

/**
 * Small worlds that are computed at once, for lessons and pictures of theory: what one is given (plain data) and what it
 * answers. Each number of an answer is computed; theory stands beside simulation under its own name.
 */
export interface Simulations {
  /** A surface of two variables on a grid. */
  surface: {
    params: { readonly surface: string; readonly points: number };
    value: {
      readonly title: string;
      readonly formula: string;
      readonly x: Float64Array;
      readonly y: Float64Array;
      /** Point (i, j) at i + n_x j. */
      readonly values: Float64Array;
      readonly criticalPoints: readonly {
        readonly x: number;
        readonly y: number;
        readonly index: number;
        readonly nullity: number;
        /** Of the Hessian there, ascending. */
        readonly eigenvalues: readonly [number, number];
      }[];
    };
  };
  /** Optimisers that start at one point of a surface. */
  race: {
    params: {
      readonly surface: string;
      readonly start: readonly [number, number];
      readonly steps: number;
      readonly runners: readonly Runner[];
      /** A runner has left once its loss is below it. */
      readonly leavesBelow: number | null;
    };
    value: { readonly runners: readonly RunnerPath[] };
  };
  /** Modes of a deep linear network under gradient descent, with the exact solution of the flow beside them. */
  modes: {
    params: {
      readonly singularValues: readonly number[];
      /** Strength of every mode at the start. */
      readonly u0: number;
      /** Weight matrices; 2 for one hidden layer. */
      readonly matrices: number;
      /** a² − b² of every mode (two matrices only). */
      readonly imbalance: number;
      readonly learningRate: number;
      readonly steps: number;
    };
    value: {
      readonly steps: Float64Array;
      readonly loss: Float64Array;
      readonly modes: readonly {
        readonly singularValue: number;
        readonly simulated: Float64Array;
        readonly theory: Float64Array;
        /** Steps until u = s/2; null where it was not reached. */
        readonly halfTime: number | null;
        readonly theoryHalfTime: number;
      }[];
    };
  };
  /** Steps that networks of several depths need to learn, from orthogonal and from Gaussian weights. */
  depths: {
    params: {
      readonly matrices: readonly number[];
      readonly width: number;
      readonly outputs: number;
      readonly seed: number;
    };
    value: {
      readonly rows: readonly {
        readonly matrices: number;
        /** Null where 1 % of the first loss was not reached with any rate. */
        readonly orthogonal: number | null;
        readonly gaussian: number | null;
      }[];
      readonly mostSteps: number;
    };
  };
  /** A tree of items with features that flip on its edges, learnt level by level. */
  hierarchy: {
    params: {
      readonly levels: number;
      readonly flip: number;
      readonly features: number;
      readonly learningRate: number;
      readonly u0: number;
      readonly steps: number;
      readonly seed: number;
    };
    value: {
      readonly steps: Float64Array;
      readonly eigenvalues: readonly {
        readonly level: number;
        readonly multiplicity: number;
        readonly theory: number;
        readonly sampled: number;
        readonly standardError: number;
        /** √(N λ) of the theory. */
        readonly singularValue: number;
        /** Mean strength of the level's modes in the simulated network, and of one mode by the exact flow. */
        readonly strength: Float64Array;
        readonly theoryStrength: Float64Array;
        /** Steps until half of what the sample holds of the level; null where it was not reached. */
        readonly halfTime: number | null;
      }[];
      /**
       * x₀ y₀ x₁ y₁ … by step kept: places of the items in one fixed plane of the outputs, level 1 along x, level 2 along y,
       * every further pair of levels half as large; for the picture of differentiation.
       */
      readonly items: readonly { readonly name: string; readonly path: Float64Array }[];
    };
  };
  /**
   * Critical points of a Gaussian random landscape in N dimensions (Bray and Dean 2007), f′(0) = −1 and f″(0) = 1: the
   * spectra have the radius 2, minima lie about ε = −2. Points are drawn evenly over the whole range of energies.
   */
  randomLandscape: {
    params: { readonly dimension: number; readonly points: number; readonly seed: number };
    value: {
      /** By sampled point: the mean of φ/N given its Hessian, exact for this N. */
      readonly energies: Float64Array;
      readonly indexFractions: Float64Array;
      /** For large N. */
      readonly theory: { readonly energies: Float64Array; readonly indexFractions: Float64Array };
      /** Probability that all N eigenvalues are positive where each sign were a coin. */
      readonly coinMinimum: number;
      /** Eigenvalues of H at three energies: of minima, halfway, of the commonest saddles. */
      readonly spectra: readonly {
        readonly energy: number;
        readonly eigenvalues: Float64Array;
        readonly density: { readonly x: Float64Array; readonly y: Float64Array };
      }[];
    };
  };
  /** Some steps of full-batch gradient descent at the edge of stability; stateless: θ comes back and is given again. */
  edge: {
    params: {
      /** Null: the first θ of the seed. */
      readonly theta: Float64Array | null;
      readonly learningRate: number;
      readonly steps: number;
      readonly seed: number;
      /** Steps between two measurements of the sharpness, counted from the start of the call. */
      readonly every: number;
    };
    value: {
      /** Before each step, so that those of the next call go on from them. */
      readonly losses: Float64Array;
      /** After every `every` steps of this call, and at the first θ (`theta: null`). */
      readonly sharpness: readonly { readonly step: number; readonly value: number; readonly residual: number }[];
      readonly theta: Float64Array;
      /** `diverged`: the last θ is one that no call goes on from with this rate. */
      readonly status: Status;
    };
  };
  /** Steps until noisy gradient descent has left a quadratic saddle of N dimensions. */
  escapeTimes: {
    params: {
      readonly dimension: number;
      /** Eigenvalues below zero, all −`curvature`; the others +1. */
      readonly negative: number;
      readonly curvature: number;
      /** σ of the normal noise in every coordinate of the gradient. */
      readonly noise: number;
      /** Of the start from the saddle, along a negative direction. */
      readonly distance: number;
      readonly learningRate: number;
      readonly repeats: number;
      readonly mostSteps: number;
      readonly seed: number;
    };
    value: {
      /** Steps of each repeat until the loss is below −1; Infinity where it was not. */
      readonly times: Float64Array;
      /** Infinity where a repeat has not left, then without a standard error (NaN). */
      readonly mean: number;
      readonly standardError: number;
      /** Expected steps: ln of the growth that is needed / ln(1 + η c); null where noise and distance leave no closed form. */
      readonly theory: number | null;
      /** Loss by step of the first eight repeats, from the start on; one without noise. */
      readonly losses: readonly Float64Array[];
    };
  };
}

export interface Runner {
  readonly optimizer: 'gradientDescent' | 'momentum' | 'nesterov' | 'adam' | 'newton' | 'saddleFreeNewton';
  readonly settings: Readonly<Record<string, number>>;
}

export interface RunnerPath {
  readonly optimizer: Runner['optimizer'];
  /** x₀ y₀ x₁ y₁ … */
  readonly path: Float64Array;
  readonly losses: Float64Array;
  /** First step with a loss below `leavesBelow`; null where there was none. */
  readonly leavesAt: number | null;
  readonly status: Status;
}

export type SimulationName = keyof Simulations;

export const simulationNames = [
  'surface',
  'race',
  'modes',
  'depths',
  'hierarchy',
  'randomLandscape',
  'edge',
  'escapeTimes',
] as const satisfies readonly SimulationName[];

/** One of them with what it is given. */
export type SimulationCall = {
  [N in SimulationName]: { readonly simulation: N; readonly params: Simulations[N]['params'] };
}[SimulationName];

export type SimulationValue = { [N in SimulationName]: Simulations[N]['value'] }[SimulationName];
