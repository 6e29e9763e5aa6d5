import type { LayerGraph, LayerNode } from '../layer-graph.ts';
import type { ParameterBlock, ParameterLayout } from '../parameter-layout.ts';
import { eachPlace, partAlong } from './block-part.ts';

/** Units with no activation between two dense layers: any invertible G may mix them. */
export interface LinearMixing {
  readonly units: number;
  /** Kernel and bias in front; the axis that counts the units. */
  readonly incoming: readonly { readonly block: ParameterBlock; readonly axis: number }[];
  readonly outgoing: { readonly block: ParameterBlock; readonly axis: number };
}

/**
 * The pairs of consecutive dense layers without an activation between them, W₂(W₁x + b₁): W₁ → G W₁, b₁ → G b₁,
 * W₂ → W₂ G⁻¹ leaves the function as it is for every invertible G. Layers that are tied, branch, merge or have frozen
 * weights are left out.
 */
export function linearMixings(graph: LayerGraph, layout: ParameterLayout): LinearMixing[] {
  const blocks = new Map(layout.blocks.map((block) => [block.name, block]));
  return graph.nodes.flatMap((node) => {
    const next = readerOf(node, graph);
    const [kernel, bias] = [weightOf(node, 'kernel', blocks), weightOf(node, 'bias', blocks)];
    const after = next && weightOf(next, 'kernel', blocks);
    if (!kernel || !after || kernel === 'fixed' || after === 'fixed' || bias === 'fixed') return [];
    if (
      kernel.shape.length !== 2 ||
      after.shape.length !== 2 ||
      kernel.filterAxis === null ||
      after.filterAxis === null
    )
      return [];
    const units = kernel.shape[kernel.filterAxis]!;
    if (after.shape[1 - after.filterAxis] !== units) return [];
    const incoming = [{ block: kernel, axis: kernel.filterAxis }, ...(bias ? [{ block: bias, axis: 0 }] : [])];
    return [{ units, incoming, outgoing: { block: after, axis: 1 - after.filterAxis } }];
  });
}

function weightOf(
  { weights }: LayerNode,
  name: string,
  blocks: ReadonlyMap<string, ParameterBlock>,
): ParameterBlock | 'fixed' | null {
  const weight = weights.find((one) => one.name === name);
  if (!weight) return null;
  const block = weight.block === null ? undefined : blocks.get(weight.block);
  return weight.frozen || !block ? 'fixed' : block;
}

/** The dense layer that alone reads a linear dense layer, behind activations that are none. */
function readerOf(node: LayerNode, graph: LayerGraph): LayerNode | null {
  if (node.kind !== 'Dense' || node.calls !== 1 || node.activation !== null) return null;
  let at = node;
  for (let hops = 0; hops < graph.nodes.length; hops++) {
    const readers = graph.edges.filter(({ from }) => from === at.name);
    const next = graph.nodes.find(({ name }) => name === readers[0]?.to);
    if (graph.outputs.includes(at.name) || readers.length !== 1 || !next || next.calls !== 1 || next.merges)
      return null;
    if (next.kind === 'Dense') return next;
    if (next.kind !== 'Activation' || next.activation !== null) return null;
    at = next;
  }
  return null;
}

/**
 * The tangent at θ of G = 1 + s E, E the matrix with a one at (`to`, `from`): unit `from` is added to unit `to` in front,
 * and unit `to` taken from unit `from` behind.
 */
export function mixingTangent(
  { incoming, outgoing }: LinearMixing,
  theta: ArrayLike<number>,
  to: number,
  from: number,
): Float64Array {
  const tangent = new Float64Array(theta.length);
  const move = ({ block, axis }: LinearMixing['outgoing'], source: number, target: number, sign: 1 | -1) => {
    const shift = partAlong(block, axis, target).start - partAlong(block, axis, source).start;
    eachPlace(partAlong(block, axis, source), (place) => {
      tangent[place + shift] = sign * theta[place]!;
    });
  };
  for (const one of incoming) move(one, from, to, 1);
  move(outgoing, to, from, -1);
  return tangent;
}
