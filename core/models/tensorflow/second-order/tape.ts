import { add, getGradient, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { BadInput } from '../../../bad-input.ts';
import type { TapeNode } from '../engine-access.ts';

/**
 * One recorded operation, reduced to what a backward walk needs: tensors are named by id, and an id may stand for
 * several tensors of equal value (see `connectingNodes`).
 */
export interface WalkNode {
  readonly operation: string;
  readonly inputs: readonly { readonly name: string; readonly id: number; readonly shape: readonly number[] }[];
  readonly outputs: readonly number[];
  readonly gradient: TapeNode['gradient'];
  readonly saved: readonly Tensor[];
}

/** The part of a tape that leads from some tensors to others, in the order in which it was computed. */
export interface TapePath {
  readonly nodes: readonly WalkNode[];
  /** The id under which a tensor's cotangent is kept during a walk. */
  idOf(tensor: Tensor): number;
}

/** Piecewise constant: their derivative is zero wherever it exists, so no cotangent passes. */
const piecewiseConstant = new Set(['Step', 'Sign', 'Floor', 'Ceil', 'Round', 'FloorDiv', 'ZerosLike', 'OnesLike']);

/** Inputs of derivative kernels that give a shape only, so that nothing depends on their values. */
const shapeOnly: Readonly<Record<string, string>> = {
  AvgPoolGrad: 'input',
  AvgPool3DGrad: 'input',
  ResizeNearestNeighborGrad: 'images',
  ResizeBilinearGrad: 'images',
};

/**
 * The operations through which `ys` depend on `xs`.
 *
 * Three departures from the library's own filter:
 * 1. The tape is sorted by the ids of outputs. The library records the saved copy of an output *before* the operation
 *    that made it; its single forward sweep then takes the copy for a constant and silently drops second derivatives
 *    of tanh, sigmoid, exp, softmax and others.
 * 2. Operations with integer or boolean results, and piecewise constant ones, end a path, so that no zeros are
 *    propagated through comparisons.
 * 3. Identity copies are not nodes: the copy's id is replaced by that of the original. They are half of a tape.
 */
export function connectingNodes(tape: readonly TapeNode[], xs: readonly Tensor[], ys: readonly Tensor[]): TapePath {
  const original = new Map<number, number>();
  const idOf = (tensor: Tensor) => original.get(tensor.id) ?? tensor.id;
  const dependent = new Set(xs.map((x) => x.id));
  const reached: TapeNode[] = [];
  for (const node of inOrderOfComputation(tape)) {
    if (isConstant(node)) continue;
    if (!operandsOf(node).some(([, input]) => dependent.has(idOf(input)))) continue;
    const copied = copiedInput(node);
    if (copied !== undefined) {
      original.set(node.outputs[0]!.id, idOf(copied));
      continue;
    }
    // Positions that come with values, as from TopK, carry no derivative.
    for (const output of node.outputs) if (output.dtype === 'float32') dependent.add(output.id);
    reached.push(node);
  }
  const wanted = new Set(ys.map(idOf));
  const nodes: WalkNode[] = [];
  for (let i = reached.length - 1; i >= 0; i--) {
    const node = reached[i]!;
    if (!node.outputs.some((output) => wanted.has(output.id))) continue;
    const inputs: WalkNode['inputs'][number][] = [];
    for (const [name, tensor] of operandsOf(node)) {
      if (!dependent.has(idOf(tensor))) continue;
      inputs.push({ name, id: idOf(tensor), shape: tensor.shape });
      wanted.add(idOf(tensor));
    }
    nodes.push({
      operation: node.kernelName,
      inputs,
      outputs: node.outputs.map((output) => output.id),
      gradient: node.gradient,
      saved: node.saved,
    });
  }
  return { nodes: nodes.reverse(), idOf };
}

/**
 * Reverse sweep: from cotangents of the path's ends, added into `cotangents` by id, to those of its starts.
 * Must run inside `tidy`. Cotangents of inner tensors are freed as soon as they are used; seeds are never freed.
 */
export function walkBack(path: TapePath, seeds: readonly (readonly [Tensor, Tensor])[]): Map<number, Tensor> {
  const cotangents = new Map<number, Tensor>();
  const owned = new Set<Tensor>();
  for (const [end, seed] of seeds) accumulate(cotangents, owned, path.idOf(end), seed, false);
  for (let i = path.nodes.length - 1; i >= 0; i--) {
    const node = path.nodes[i]!;
    const dys = node.outputs.map((id) => cotangents.get(id) ?? null);
    if (dys.every((dy) => dy === null)) continue;
    const dxs = tidy(() => inputCotangents(node, dys));
    for (let k = 0; k < dxs.length; k++) accumulate(cotangents, owned, node.inputs[k]!.id, dxs[k]!, true);
    for (let k = 0; k < dys.length; k++) {
      const dy = dys[k];
      if (dy === null || dy === undefined) continue;
      cotangents.delete(node.outputs[k]!);
      if (owned.delete(dy)) dy.dispose();
    }
  }
  return cotangents;
}

function accumulate(
  cotangents: Map<number, Tensor>,
  owned: Set<Tensor>,
  id: number,
  term: Tensor,
  ownsTerm: boolean,
): void {
  const present = cotangents.get(id);
  if (present === undefined) {
    cotangents.set(id, term);
    if (ownsTerm) owned.add(term);
    return;
  }
  const sum = add(present, term);
  cotangents.set(id, sum);
  owned.add(sum);
  if (owned.delete(present)) present.dispose();
  if (ownsTerm) term.dispose();
}

function inputCotangents(node: WalkNode, dys: readonly (Tensor | null)[]): Tensor[] {
  if (node.gradient === undefined) throw noRule(node.operation);
  // Such operations are recorded under the name of their scope.
  if (getGradient(node.operation) == null) throw writtenByHand(node.operation);
  const rules = node.gradient([...dys]);
  return node.inputs.map(({ name, shape }) => {
    const rule = rules[name];
    if (rule === undefined) throw noRule(node.operation, name);
    const dx = rule();
    if (dx.dtype !== 'float32' || dx.shape.length !== shape.length || dx.shape.some((n, i) => n !== shape[i])) {
      throw new Error(
        `The derivative rule of ${node.operation} gave ${dx.dtype} [${dx.shape}] for its input ${name} of shape [${shape}].`,
      );
    }
    // A rule may hand back the cotangent itself or a saved tensor; the copy lets each be freed on its own.
    return dx.kept || dys.includes(dx) ? dx.clone() : dx;
  });
}

function noRule(operation: string, input?: string): BadInput {
  return new BadInput(
    `The model uses the operation '${operation}', which has no derivative rule${input === undefined ? '' : ` for its input '${input}'`}.`,
    'Replace the layer that uses it, or freeze the parameters in front of it.',
  );
}

function writtenByHand(scope: string): BadInput {
  return new BadInput(
    `The model uses a gradient written by hand (tf.customGrad, in '${scope}'), whose own derivative is unknown.`,
    'Write the layer with ordinary operations, so that its second derivatives exist.',
  );
}

/** Ids of tensors grow as they are made, so the smallest output id tells when an operation ran. */
function inOrderOfComputation(tape: readonly TapeNode[]): TapeNode[] {
  const keyed = tape.map((node, place) => ({ node, place, key: Math.min(...node.outputs.map((o) => o.id)) }));
  keyed.sort((a, b) => a.key - b.key || a.place - b.place);
  return keyed.map(({ node }) => node);
}

function isConstant(node: TapeNode): boolean {
  return piecewiseConstant.has(node.kernelName) || node.outputs.every((output) => output.dtype !== 'float32');
}

/** The tensor that a node merely copies: an Identity, a cast to the same type, or the engine's copy for saving. */
function copiedInput(node: TapeNode): Tensor | undefined {
  const { x } = node.inputs;
  const output = node.outputs[0];
  if (x === undefined || output === undefined || node.outputs.length !== 1) return undefined;
  if (x.dtype !== output.dtype || operandsOf(node).length !== 1) return undefined;
  // The copy for saving is recorded under the name of the surrounding scope, but shares the data of its original.
  const sharesData = output.dataId === x.dataId && sameShape(output, x) && node.saved.length === 0;
  return sharesData || node.kernelName === 'Identity' || node.kernelName === 'Cast' ? x : undefined;
}

function sameShape(a: Tensor, b: Tensor): boolean {
  return a.shape.length === b.shape.length && a.shape.every((n, i) => n === b.shape[i]);
}

function operandsOf(node: TapeNode): [string, Tensor][] {
  const entries = Object.entries(node.inputs) as [string, Tensor | null | undefined][];
  return entries.filter(
    (entry): entry is [string, Tensor] => entry[1] != null && shapeOnly[node.kernelName] !== entry[0],
  );
}
