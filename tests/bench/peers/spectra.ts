import type { Contestant } from './contestant.ts';
import { type SpectralAnswer, type SpectralWork, spectralWorks } from './protocol.ts';

/** Ten eigenvalues to 1e-3 are asked for on all of these. */
export const seeds = [0, 1, 2, 3, 4];

/** All answers of one contestant to one work. */
export interface SpectralTiming {
  readonly column: string;
  readonly work: SpectralWork;
  readonly milliseconds: readonly number[];
  readonly products: number;
  /** The worst over the seeds. */
  readonly error: number;
}

/** Both works by all contestants in turn, seed by seed. One that cannot do a work says why and is left out of it. */
export async function timedSpectra(
  contestants: readonly Contestant[],
  rounds: number,
  say: (text: string) => void,
): Promise<SpectralTiming[]> {
  const timings: SpectralTiming[] = [];
  for (const work of spectralWorks) {
    const ask = (c: Contestant, seed: number) => c.ask<SpectralAnswer>({ ask: 'spectrum', work, seed });
    const entries: { column: string; contestant: Contestant; answers: SpectralAnswer[] }[] = [];
    for (const contestant of contestants) {
      try {
        await ask(contestant, 0); // compiles and warms up
        entries.push({ column: contestant.column, contestant, answers: [] });
      } catch (problem) {
        say(`${contestant.column} has no ${work}: ${(problem as Error).message}`);
      }
    }
    for (let round = 0; round < rounds; round++) {
      for (const seed of seeds) {
        for (let turn = 0; turn < entries.length; turn++) {
          const { contestant, answers } = entries[(turn + seed + round) % entries.length]!;
          answers.push(await ask(contestant, seed));
        }
      }
    }
    timings.push(
      ...entries.map(({ column, answers }) => ({
        column,
        work,
        milliseconds: answers.map((answer) => answer.milliseconds),
        products: Math.max(...answers.map((answer) => answer.products)),
        error: Math.max(...answers.map((answer) => answer.error)),
      })),
    );
  }
  return timings;
}
