import type { SceneKind, SceneState } from '../../../core/lessons/lesson.ts';

export type SceneOf<K extends SceneKind> = Extract<SceneState, { readonly kind: K }>;

export interface SceneProps<K extends SceneKind> {
  /** As the page wants it at first. */
  readonly declared: SceneOf<K>;
  /** What the learner may change; the rest is not shown. */
  readonly controls: readonly string[];
}
