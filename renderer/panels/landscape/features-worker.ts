import type { Axes, Field } from '../../../core/fields/grid.ts';
import { type JudgedTree, type JudgeOptions, judgedTree } from '../../../core/fields/persistence.ts';

/** A field whose minima and passes are wanted. */
export interface FeaturesRequest {
  readonly id: number;
  readonly axes: Axes;
  readonly field: Field;
  readonly options: JudgeOptions;
}
export interface FeaturesAnswer {
  readonly id: number;
  readonly tree: JudgedTree;
}

self.onmessage = ({ data }: MessageEvent<FeaturesRequest>) => {
  const { id, axes, field, options } = data;
  const answer: FeaturesAnswer = { id, tree: judgedTree(axes, field, 'join', options) };
  postMessage(answer);
};
