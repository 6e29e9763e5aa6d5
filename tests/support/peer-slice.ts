import { evenlySpaced } from '../../core/analyses/slices/grid-order.ts';
import { fillLosses, lossFields } from '../../core/analyses/slices/slice-grid.ts';
import { mlpObjective } from '../../core/models/closed-form/mlp.ts';
import { peerNetwork, peersFolder, readArrays } from './peers.ts';

const nothingElse = { errors: false, classLosses: false, standardErrors: false };
const side = 51;

/**
 * The largest relative deviation from the 51×51 plane that an independent program (JAX, float64) computed of a network of
 * 50,890 parameters, at every `stride`-th place along both axes.
 */
export async function deviationFromPeer(stride: number): Promise<number> {
  const files = ['digits-1000.npz', 'mlp-784-64-10.safetensors'] as const;
  const { model, data, theta, fromPytorch } = peerNetwork(peersFolder, [784, 64, 10], ...files);
  const arrays = readArrays(peersFolder, 'slice.npz');
  const [d1, d2] = ['d1', 'd2'].map((name) => fromPytorch(arrays.get(name)!.data));
  const axis = evenlySpaced(-1, 1, side).filter((_, i) => i % stride === 0);
  const objective = mlpObjective(model, { data, loss: 'softmaxCrossEntropy' });
  const work = { axes: [axis, axis], fields: lossFields([axis, axis], nothingElse) };
  await fillLosses(objective, theta, [d1!, d2!], work, nothingElse);
  const { values } = work.fields[0]!;
  const wanted = arrays.get('loss')!.data as ArrayLike<number>;
  const place = (point: number) => stride * (side * Math.floor(point / axis.length) + (point % axis.length));
  return values.reduce((worst, loss, point) => Math.max(worst, Math.abs(loss / wanted[place(point)]! - 1)), 0);
}
