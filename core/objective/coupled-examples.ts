import { BadInput } from '../bad-input.ts';
import type { LayerGraph } from './layer-graph.ts';

/** The layers that normalise with the statistics of the batch, so that no example has outputs of its own. */
export function coupledLayers(graph: LayerGraph | undefined): readonly string[] {
  return (graph?.nodes ?? []).filter(({ statistics }) => statistics === 'batch').map(({ name }) => name);
}

/** BadInput where a loss is to be put together from several batches and is no sum over them. */
export function refuseCoupledBatches(graph: LayerGraph | undefined, into: string): void {
  const layers = coupledLayers(graph);
  if (layers.length === 0) return;
  throw new BadInput(
    `The examples cannot be divided into ${into}: ${layers.join(', ')} ${layers.length > 1 ? 'normalise' : 'normalises'} with the statistics of the batch, so that the loss of all is no sum over parts.`,
    'Use inference mode, where the statistics are constants, or all examples at once.',
  );
}
