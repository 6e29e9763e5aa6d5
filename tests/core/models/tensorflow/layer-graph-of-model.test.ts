import { input, layers, model, type SymbolicTensor, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { BadInput } from '../../../../core/bad-input.ts';
import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { layerGraphOfModel } from '../../../../core/models/tensorflow/layer-graph-of-model.ts';
import type { LayerGraph } from '../../../../core/objective/layer-graph.ts';

beforeAll(() => useBackend('cpu'));

const arrows = ({ edges }: LayerGraph) =>
  edges.map(({ from, fromCall, to, toCall }) => `${from}.${fromCall} → ${to}.${toCall}`).sort();
const nodeOf = (graph: LayerGraph, name: string) => graph.nodes.find((node) => node.name === name);

test('a residual network: the sum merges, the branch and the shortcut reach it', () => {
  const x = input({ shape: [4], name: 'x' });
  const branch = layers.dense({ units: 4, activation: 'tanh', name: 'branch' }).apply(x) as SymbolicTensor;
  const sum = layers.add({ name: 'sum' }).apply([x, branch]);
  const y = layers.dense({ units: 2, name: 'head' }).apply(sum) as SymbolicTensor;
  const graph = layerGraphOfModel(model({ inputs: x, outputs: y }));
  expect(arrows(graph)).toEqual(['branch.0 → sum.0', 'sum.0 → head.0', 'x.0 → branch.0', 'x.0 → sum.0']);
  expect(graph.nodes.filter(({ merges }) => merges).map(({ name, kind }) => [name, kind])).toEqual([['sum', 'Add']]);
  expect(nodeOf(graph, 'branch')).toMatchObject({ kind: 'Dense', activation: 'tanh', calls: 1 });
  expect(nodeOf(graph, 'head')?.activation).toBeNull();
  expect([graph.inputs, graph.outputs]).toEqual([['x'], ['head']]);
});

test('a layer called three times is tied: one node, three calls, one pair of blocks', () => {
  const x = input({ shape: [4], name: 'x' });
  const tied = layers.dense({ units: 4, name: 'tied' });
  const twice = tied.apply(tied.apply(x)) as SymbolicTensor;
  const thrice = tied.apply(twice) as SymbolicTensor;
  const y = layers.concatenate({ name: 'both' }).apply([twice, thrice]) as SymbolicTensor;
  const graph = layerGraphOfModel(model({ inputs: x, outputs: y }));
  expect(nodeOf(graph, 'tied')?.calls).toBe(3);
  expect(nodeOf(graph, 'tied')?.weights.map(({ block }) => block)).toEqual(['tied/kernel', 'tied/bias']);
  expect(arrows(graph)).toEqual([
    'tied.0 → tied.1',
    'tied.1 → both.0',
    'tied.1 → tied.2',
    'tied.2 → both.0',
    'x.0 → tied.0',
  ]);
  expect(graph.edges.find(({ to }) => to === 'both')?.shape).toEqual([4]);
});

test('a call outside the model does not count', () => {
  const x = input({ shape: [4], name: 'x' });
  const layer = layers.dense({ units: 4, name: 'a' });
  const y = layer.apply(x) as SymbolicTensor;
  layer.apply(input({ shape: [4] }));
  expect(nodeOf(layerGraphOfModel(model({ inputs: x, outputs: y })), 'a')?.calls).toBe(1);
});

test('frozen weights and running statistics have no block', () => {
  const chain = sequential();
  chain.add(layers.dense({ units: 3, inputShape: [2], name: 'frozen', trainable: false }));
  chain.add(layers.batchNormalization({ name: 'norm' }));
  chain.add(layers.reLU({ name: 'relu' }));
  chain.add(layers.reLU({ name: 'capped', maxValue: 6 }));
  const graph = layerGraphOfModel(chain);
  expect(nodeOf(graph, 'frozen')?.weights.map(({ frozen, block }) => [frozen, block])).toEqual([
    [true, null],
    [true, null],
  ]);
  expect(nodeOf(graph, 'norm')?.weights.map(({ name, block }) => [name, block])).toEqual([
    ['gamma', 'norm/gamma'],
    ['beta', 'norm/beta'],
    ['moving_mean', null],
    ['moving_variance', null],
  ]);
  expect(nodeOf(graph, 'relu')?.activation).toBe('relu');
  expect(nodeOf(graph, 'capped')?.activation).toBe('cappedRelu');
});

test('a model used twice as a layer is opened: its layers are called twice', () => {
  const inside = input({ shape: [3], name: 'inside' });
  const inner = model({
    inputs: inside,
    outputs: layers
      .dense({ units: 3, name: 'second' })
      .apply(layers.dense({ units: 3, name: 'first' }).apply(inside)) as SymbolicTensor,
    name: 'inner',
  });
  const x = input({ shape: [3], name: 'x' });
  const y = inner.apply(inner.apply(x)) as SymbolicTensor;
  const graph = layerGraphOfModel(model({ inputs: x, outputs: y }));
  expect(graph.nodes.map(({ name, calls }) => [name, calls])).toEqual([
    ['x', 1],
    ['first', 2],
    ['second', 2],
  ]);
  expect(arrows(graph)).toEqual(['first.0 → second.0', 'first.1 → second.1', 'second.0 → first.1', 'x.0 → first.0']);
  expect(graph.outputs).toEqual(['second']);
});

test('a model without layers is refused', () => {
  expect(() => layerGraphOfModel(sequential())).toThrow(BadInput);
});
