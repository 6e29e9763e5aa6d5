import { readSetting } from '../../../core/experiment/located-yaml.ts';
import { readExperiment } from '../../../core/experiment/read-experiment.ts';
import type { NumericArray } from '../../../core/formats/numeric-array.ts';
import type { HostVector } from '../../../core/linalg/vector-space.ts';
import { weightsFromOutside } from '../../../core/models/weights-from-outside.ts';
import type { Linearization } from '../../../core/objective/objective.ts';
import { hostTheta, type OpenedExperiment, openExperiment } from '../../../electron/compute/open-experiment.ts';
import { type PeerExperiment, peerExperiment, tensorsOf } from '../../support/peer-experiments.ts';
import { peersFolder, readArrays } from '../../support/peers.ts';
import { relativeError } from '../../support/vectors.ts';
import { type OurSlices, ourSlices } from './our-slices.ts';
import { type OurSpectra, ourSpectra } from './our-spectra.ts';
import {
  type CompileTimes,
  type Errors,
  type Greeting,
  type NetworkName,
  networks,
  type Request,
  type Work,
} from './protocol.ts';

interface Prepared {
  readonly opened: OpenedExperiment;
  readonly times: CompileTimes;
  readonly work: Partial<Record<Work, () => Promise<ArrayLike<number>>>>;
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Opens a network afresh, so that whatever is compiled is compiled again. */
async function prepare(network: NetworkName, settings: readonly string[]): Promise<Prepared> {
  const peer = peerExperiment(network);
  const given = [...settings, ...(network === 'cnn' ? ['data.subset={first: 256}'] : [])];
  const opened = await openExperiment(readExperiment(peer.yaml, network, given.map(readSetting)), peersFolder);
  const { objective } = opened;
  const { space } = objective;
  const vector = (array: NumericArray) => space.copy(hostTheta(objective, inOurOrder(peer, opened, array.data)));
  const theta = space.copy(opened.initialTheta);
  const v = vector(readArrays(peersFolder, 'products.npz').get(`${network === 'cnn' ? 'cnn' : 'mlp'}_v`)!);
  let at: Linearization<HostVector>;
  const linearize = async () => {
    at = await objective.linearize(theta);
    return [at.loss];
  };
  const product = async () => {
    const found = await at.hessianProduct(v);
    space.release(found);
    return found;
  };
  const work: Prepared['work'] = {
    async linearize() {
      at.dispose();
      return linearize();
    },
    hessian: product,
    async gradient() {
      const { gradient } = await objective.gradient(theta);
      space.release(gradient);
      return gradient;
    },
    async gaussNewton() {
      const found = await at.gaussNewtonProduct!(v);
      space.release(found);
      return found;
    },
  };
  const first = await milliseconds(linearize);
  const products: number[] = [];
  for (let i = 0; i < 8; i++) products.push(await milliseconds(product));
  const later: number[] = [];
  for (let i = 0; i < 3; i++) later.push(await milliseconds(work.linearize!));
  if (network !== 'cnn') {
    const plane = readArrays(peersFolder, 'slice.npz');
    const directions = [vector(plane.get('d1')!), vector(plane.get('d2')!)];
    const along = plane.get('coordinates')!.data;
    const n = along.length;
    const data = Float64Array.from({ length: 2 * n * n }, (_, i) =>
      Number(along[i % 2 === 0 ? (i >> 1) % n : Math.floor(i / 2 / n)]),
    );
    work.slice = () => objective.losses(theta, directions, { rows: n * n, columns: 2, data });
  }
  return { opened, times: { linearize: [first, ...later], products }, work };
}

const inOurOrder = (peer: PeerExperiment, { objective }: OpenedExperiment, flat: ArrayLike<number>): Float64Array =>
  weightsFromOutside(tensorsOf(peer, flat), objective.layout, 'pytorch');

async function errorsOf(prepared: (network: NetworkName) => Promise<Prepared>): Promise<Errors> {
  const truths = readArrays(peersFolder, 'products.npz');
  const found: Record<string, number> = {};
  for (const network of networks) {
    const { work, opened } = await prepared(network);
    const name = network === 'cnn' ? 'cnn' : 'mlp';
    const truth = (key: string) => inOurOrder(peerExperiment(network), opened, truths.get(`${name}_${key}`)!.data);
    found[`${network} hessian`] = relativeError(Float64Array.from(await work.hessian!()), truth('hessian'));
    found[`${network} gaussNewton`] = relativeError(Float64Array.from(await work.gaussNewton!()), truth('ggn'));
    if (work.slice) {
      const wanted = Float64Array.from(readArrays(peersFolder, 'slice.npz').get('loss')!.data);
      found[`${network} slice`] = relativeError(Float64Array.from(await work.slice()), wanted);
    }
  }
  return found;
}

/** The engine that the settings ask for, ready for requests. Throws where it cannot be had. */
export async function contestant(settings: readonly string[]): Promise<{
  readonly greeting: Greeting;
  answer(request: Request): Promise<object>;
}> {
  const opened = new Map<NetworkName, Prepared>();
  let spectra: OurSpectra | null = null;
  let slices: OurSlices | null = null;
  const afresh = async (network: NetworkName): Promise<Prepared> => {
    opened.get(network)?.opened.dispose();
    const made = await prepare(network, settings);
    opened.set(network, made);
    return made;
  };
  const prepared = async (network: NetworkName) => opened.get(network) ?? afresh(network);
  const probe = await openExperiment(
    readExperiment(peerExperiment('mlp-64-16-10').yaml, 'peers', settings.map(readSetting)),
    peersFolder,
  );
  const { engine } = probe.objective;
  const greeting: Greeting = { name: engine, precision: probe.precision };
  probe.dispose();
  return {
    greeting,
    async answer(request) {
      if (request.ask === 'errors') return { errors: await errorsOf(prepared) };
      if (request.ask === 'compile') return { compile: (await afresh(request.network)).times };
      if (request.ask === 'slice') {
        slices ??= ourSlices(settings);
        return slices.answer(request.network, request.grid, request.way ?? 'losses');
      }
      if (request.ask === 'sliceTruth') throw new Error('No truth is told about oneself.');
      if (request.ask === 'spectrum') {
        spectra ??= await ourSpectra(settings);
        return spectra.answer(request.work, request.seed);
      }
      const work = (await prepared(request.network)).work[request.work];
      const times: number[] = [];
      for (let i = 0; work && i < request.times; i++) times.push(await milliseconds(work));
      return { milliseconds: times };
    },
  };
}
