import type { Runner } from '../simulations/simulation.ts';

/** A lesson as its file (YAML) states it: pages of text beside a live scene, each with a question. */
export interface Lesson {
  readonly format: 1;
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly minutes: number;
  readonly pages: readonly LessonPage[];
}

export interface LessonPage {
  readonly title: string;
  /** Paragraphs, an empty line between two. `*emphasis*`, `_mathematics_` (set in the serif of formulas), `{name}` a measured quantity. */
  readonly text: string;
  readonly scene: SceneState;
  /** What the learner may change, by the names of the scene; the others are not shown. */
  readonly controls: readonly string[];
  readonly question: Question;
}

/** The declared state of a scene. Each kind has its controls and the quantities that it measures (`scene-kinds.ts`). */
export type SceneState =
  | {
      readonly kind: 'race';
      readonly surface: string;
      readonly start: readonly [number, number];
      readonly runners: readonly Runner[];
      /** Of the runners whose settings name none; Newton's methods take full steps unless theirs do. */
      readonly learningRate: number;
      readonly steps: number;
      readonly leavesBelow: number | null;
    }
  | { readonly kind: 'randomLandscape'; readonly dimension: number; readonly points: number; readonly seed: number }
  | {
      readonly kind: 'search';
      /** A bundled experiment, by its file name. */
      readonly experiment: string;
      readonly finder: string;
      readonly starts: number;
      readonly from: 'trajectory' | 'random';
      /** Whether points that are not critical are drawn at first. */
      readonly showUncertified: boolean;
    }
  | {
      readonly kind: 'modes';
      readonly singularValues: readonly number[];
      readonly u0: number;
      readonly matrices: number;
      readonly imbalance: number;
      readonly learningRate: number;
      readonly steps: number;
    }
  | {
      readonly kind: 'depths';
      readonly matrices: readonly number[];
      readonly width: number;
      readonly outputs: number;
      readonly seed: number;
    }
  | {
      readonly kind: 'hierarchy';
      readonly levels: number;
      readonly flip: number;
      readonly features: number;
      readonly learningRate: number;
      readonly u0: number;
      readonly steps: number;
      readonly seed: number;
    }
  | { readonly kind: 'edge'; readonly learningRate: number; readonly seed: number; readonly every: number }
  | {
      readonly kind: 'escapeTimes';
      readonly dimension: number;
      readonly negative: number;
      readonly curvature: number;
      readonly noise: number;
      readonly distance: number;
      readonly learningRate: number;
      readonly repeats: number;
      readonly seed: number;
    };

export type SceneKind = SceneState['kind'];

/**
 * What has to hold of a measured quantity of the scene. Besides the quantities of its kind each scene knows, for every q,
 * `q.first` (with the page as it was opened), `q.change` = q − q.first and `q.ratio` = q / q.first. A quantity that was not
 * measured yet meets no condition.
 */
export interface Condition {
  readonly quantity: string;
  readonly above?: number | undefined;
  readonly below?: number | undefined;
  /** Instead of a number: compared with another quantity times `times` (1 unless said). */
  readonly aboveQuantity?: string | undefined;
  readonly belowQuantity?: string | undefined;
  readonly times?: number | undefined;
}

/**
 * The answer is found by doing: what is right is judged by what the scene measures, never by a stored answer alone. `hint`
 * is said to those who answer before they have looked; in it and in replies `{name}` is a measured quantity too.
 */
export type Question =
  | {
      readonly kind: 'reach';
      readonly text: string;
      readonly hint: string | null;
      /** All of them. */
      readonly goals: readonly Condition[];
      readonly reply: string;
    }
  | {
      readonly kind: 'number';
      readonly text: string;
      readonly hint: string | null;
      readonly quantity: string;
      /** Relative. */
      readonly tolerance: number;
      /** What has to hold before an answer counts. */
      readonly after: readonly Condition[];
      readonly reply: string;
    }
  | {
      readonly kind: 'choice';
      readonly text: string;
      readonly hint: string | null;
      /** `holds`: right if these conditions hold of what was measured since the page was opened. */
      readonly choices: readonly {
        readonly text: string;
        readonly holds: readonly Condition[];
        readonly reply: string;
      }[];
      /** Opens once this was reached: nobody answers without having looked. */
      readonly after: readonly Condition[];
    };
