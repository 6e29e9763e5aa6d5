import { BadInput } from '../../core/bad-input.ts';
import { packState, unpackState } from '../../core/experiment/packed-state.ts';
import type { NumericArray } from '../../core/formats/numeric-array.ts';
import type { Safetensors } from '../../core/formats/safetensors.ts';
import { weightsToOutside } from '../../core/models/weights-from-outside.ts';
import type { ParameterLayout } from '../../core/objective/parameter-layout.ts';
import type { TrainerState } from '../../core/training/trainer.ts';
import type { OpenedExperiment } from './open-experiment.ts';

/** θ by its blocks, and beside it what a branch needs: the state of the trainer without θ. */
export function checkpointTensors(
  layout: ParameterLayout,
  state: TrainerState,
): { tensors: Map<string, NumericArray>; state: string } {
  const { theta, ...rest } = state;
  const packed = packState(rest);
  const tensors = new Map(weightsToOutside(theta, layout, theta.BYTES_PER_ELEMENT === 8 ? 'float64' : 'float32'));
  for (const [name, vector] of packed.vectors) tensors.set(`state/${name}`, vector);
  return { tensors, state: packed.text };
}

/** θ of a checkpoint file, in the order of the layout. */
export function thetaOfCheckpoint(file: Safetensors, layout: ParameterLayout): Float64Array {
  const theta = new Float64Array(layout.dim);
  for (const block of layout.blocks) {
    const tensor = file.tensors.get(block.name);
    if (!tensor || tensor.data.length !== block.size)
      throw new BadInput(
        `The checkpoint has no tensor ${block.name} of ${block.shape.join(' × ')}.`,
        'Use the checkpoints of this run as it wrote them.',
      );
    theta.set(tensor.data, block.offset);
  }
  return theta;
}

/** The whole state of training at a checkpoint, from which a branch goes on. */
export function stateOfCheckpoint(file: Safetensors, opened: OpenedExperiment): TrainerState {
  const vectors = new Map(
    [...file.tensors]
      .filter(([name]) => name.startsWith('state/'))
      .map(([name, tensor]) => [name.slice('state/'.length), tensor]),
  );
  const rest = unpackState({ text: file.metadata.get('state') ?? '{}', vectors }) as Omit<TrainerState, 'theta'>;
  const theta = thetaOfCheckpoint(file, opened.objective.layout);
  return { ...rest, theta: opened.precision === 'float64' ? theta : Float32Array.from(theta) };
}
