import type { MessagePort } from 'node:worker_threads';
import { probeStream } from '../../../core/analyses/spectrum/density.ts';
import { requestOf } from '../../../core/analyses/spectrum/exact.ts';
import { namedBlocks } from '../../../core/analyses/spectrum/named-blocks.ts';
import { BadInput } from '../../../core/bad-input.ts';
import type { LinearOperator } from '../../../core/linalg/linear-operator.ts';
import { type ProbeOutcome, probeQuadrature } from '../../../core/linalg/quadrature/spectral-quadrature.ts';
import type { HostVector } from '../../../core/linalg/vector-space.ts';
import { curvatureOperator } from '../../../core/objective/curvature/curvature-operator.ts';
import { Stopped } from '../../../core/objective/gate.ts';
import { restoreRandom } from '../../../core/random/philox.ts';
import { hostTheta, openExperiment } from '../open-experiment.ts';
import { unshared } from '../service/unshared.ts';
import { failureOf } from '../shards/serve-shard.ts';
import { counters, type FromProbeThread, type ProbeThreadData } from './probe-messages.ts';

/**
 * Opens the experiment as any process would, makes the matrix once and computes probes as long as any is left. What each
 * probe is depends on its number only, so that it does not matter which thread takes it.
 */
export async function serveProbes(data: ProbeThreadData, port: MessagePort): Promise<void> {
  const post = (message: FromProbeThread) => port.postMessage(unshared(message));
  try {
    // Small work is done before a thread has even begun.
    if (isLeft(data)) await computeProbes(data, post);
    post({ kind: 'done' });
  } catch (problem) {
    post(problem instanceof Stopped ? { kind: 'done' } : { kind: 'failure', failure: failureOf(problem) });
  }
  port.close();
}

const isStopped = ({ counters: shared }: ProbeThreadData): boolean => Atomics.load(shared, counters.stop) !== 0;
const isLeft = (data: ProbeThreadData): boolean =>
  !isStopped(data) && Atomics.load(data.counters, counters.next) < data.count;

async function computeProbes(data: ProbeThreadData, post: (message: FromProbeThread) => void): Promise<void> {
  const { experiment, baseFolder, request } = data;
  const signal = {
    get aborted() {
      return isStopped(data);
    },
  };
  const opened = await openExperiment(experiment, baseFolder, 'look', { threads: 1 });
  try {
    const { objective } = opened;
    requireSame(data, opened);
    opened.gate.watch(signal);
    const theta = objective.space.fromHost(hostTheta(objective, data.theta));
    await opened.settle(theta);
    const linearization = await objective.linearize(theta);
    const rng = restoreRandom(request.rng);
    const { matrix, preconditioner } = request;
    const named = { ...matrix, blocks: namedBlocks(objective.layout, matrix.blocks) };
    const point = { objective, theta, linearization };
    const curvature = await curvatureOperator(point, requestOf<HostVector>(named, { rng, preconditioner }));
    const probeOf = prober(curvature.operator, data, signal);
    while (isLeft(data)) {
      const probe = Atomics.add(data.counters, counters.next, 1);
      if (probe < data.count) post({ kind: 'outcome', probe, outcome: await probeOf(probe) });
    }
    curvature.dispose();
    linearization.dispose();
  } finally {
    opened.dispose();
  }
}

/** Numbers of another data set or engine would be joined with those of the others without a sign of it. */
function requireSame(data: ProbeThreadData, opened: Awaited<ReturnType<typeof openExperiment>>): void {
  if (opened.objective.engine !== data.engine)
    throw new Error(`A thread computes with ${opened.objective.engine} where ${data.engine} was wanted.`);
  if (opened.train.sha256 !== data.train.sha256)
    throw new BadInput(
      `The data ${data.train.name} are no longer those that were opened.`,
      'They were changed meanwhile: start again.',
    );
}

function prober(
  operator: LinearOperator<HostVector>,
  { request, counters: shared }: ProbeThreadData,
  signal: { readonly aborted: boolean },
): (probe: number) => Promise<ProbeOutcome> {
  const { space } = operator;
  const { steps, deflated, symmetryTol } = request;
  const options = {
    rng: probeStream(restoreRandom(request.rng)),
    steps,
    symmetryTol: symmetryTol ?? undefined,
    deflated: deflated ? { ...deflated, vectors: deflated.vectors.map((v) => space.fromHost(v)) } : undefined,
    signal,
    onProduct: () => void Atomics.add(shared, counters.products, 1),
  };
  return (probe) => probeQuadrature(operator, probe, options);
}
