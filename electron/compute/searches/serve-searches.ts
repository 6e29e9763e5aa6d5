import type { MessagePort } from 'node:worker_threads';
import { findFrom, judgeFound } from '../../../core/analyses/saddles/search.ts';
import { BadInput } from '../../../core/bad-input.ts';
import type { Experiment } from '../../../core/experiment/experiment.ts';
import type { HostVector } from '../../../core/linalg/vector-space.ts';
import type { Objective } from '../../../core/objective/objective.ts';
import { restoreRandom } from '../../../core/random/philox.ts';
import { hostTheta, openExperiment } from '../open-experiment.ts';
import { unshared } from '../service/unshared.ts';
import { failureOf } from '../shards/serve-shard.ts';
import type { FromSearchThread, SearchThreadData, ToSearchThread } from './search-messages.ts';
import { searchObjective } from './search-objective.ts';

/**
 * Opens the experiment as any process would and answers one task after another until the thread is ended. What comes of a
 * task depends on its number only, so that it does not matter which thread takes it.
 */
export async function serveSearches(data: SearchThreadData, port: MessagePort): Promise<void> {
  const post = (message: FromSearchThread) => port.postMessage(unshared(message));
  const fail = (problem: unknown) => post({ kind: 'failure', failure: failureOf(problem) });
  try {
    const objective = await opened(data, data.experiment);
    const judge = data.certified === null ? objective : await opened(data, data.certified);
    const context = { rng: restoreRandom(data.rng) };
    port.on('message', (message: ToSearchThread) => {
      answer(message).then(post, fail);
    });
    post({ kind: 'ready' });

    async function answer(message: ToSearchThread): Promise<FromSearchThread> {
      const found =
        message.kind === 'judge' ? message.found : await findFrom(objective, message.task, data.settings, context);
      // Nobody stops a task in a thread but by ending the thread.
      if (found === null) throw new Error('A search was stopped from within.');
      if (data.role === 'find') return { kind: 'found', found };
      const outcome = await judgeFound(judge, found, data.settings, context);
      if (outcome === null) throw new Error('A judgement was stopped from within.');
      return { kind: 'outcome', outcome };
    }
  } catch (problem) {
    fail(problem);
    port.close();
  }
}

async function opened(data: SearchThreadData, experiment: Experiment): Promise<Objective<HostVector>> {
  const own = await openExperiment(experiment, data.baseFolder, 'look', { threads: 1 });
  if (own.train.sha256 !== data.train.sha256)
    throw new BadInput(
      `The data ${data.train.name} are no longer those that were opened.`,
      'They were changed meanwhile: start again.',
    );
  await own.settle(hostTheta(own.objective, data.settledAt));
  return (await searchObjective(own, data.examples)).objective;
}
