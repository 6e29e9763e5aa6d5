import { peersFolder, readArrays } from '../../support/peers.ts';
import type { Contestant } from './contestant.ts';
import { type NetworkName, networks, type SliceAnswer, type SliceWay } from './protocol.ts';

/** A column of a table of slices: a process, and how it is asked. */
export interface SliceEntry {
  readonly column: string;
  readonly contestant: Contestant;
  readonly way?: SliceWay;
}

export interface SliceTiming {
  readonly column: string;
  readonly network: NetworkName;
  readonly grid: number;
  readonly milliseconds: readonly number[];
  /** max |L − L₆₄| / L₆₄ over the points; null where the plane is the program's own. */
  readonly error: number | null;
}

/** Convolutions cost a hundred times more a point, so that fewer points tell as much. */
export const gridOf = (network: NetworkName, quick: boolean): number => (network === 'cnn' ? (quick ? 9 : 17) : 51);

/** Losses in float64: stored for the MLP, by PyTorch for the other one. */
export async function sliceTruth(
  network: NetworkName,
  grid: number,
  torch: Contestant | undefined,
): Promise<readonly number[] | null> {
  if (network !== 'cnn') return Array.from(readArrays(peersFolder, 'slice.npz').get('loss')!.data, Number);
  return torch ? (await torch.ask<{ losses: number[] }>({ ask: 'sliceTruth', network, grid })).losses : null;
}

const worst = (losses: readonly number[] | null, truth: readonly number[] | null): number | null =>
  losses && truth ? Math.max(...losses.map((loss, i) => Math.abs(loss - truth[i]!) / truth[i]!)) : null;

/** The slices of both networks by all in turn. One that cannot do a slice says why and is left out of it. */
export async function timedSlices(
  entries: readonly SliceEntry[],
  truths: ReadonlyMap<NetworkName, readonly number[] | null>,
  rounds: number,
  quick: boolean,
  say: (text: string) => void,
): Promise<SliceTiming[]> {
  const timings: SliceTiming[] = [];
  for (const network of networks) {
    const grid = gridOf(network, quick);
    const ask = ({ contestant, way }: SliceEntry, points: number) =>
      contestant.ask<SliceAnswer>({ ask: 'slice', network, grid: points, ...(way && { way }) });
    const found: { entry: SliceEntry; answers: SliceAnswer[] }[] = [];
    for (const entry of entries) {
      try {
        // Compiled for the number of points where the program does that.
        await ask(entry, entry.column.startsWith('JAX') ? grid : 5);
        found.push({ entry, answers: [] });
      } catch (problem) {
        say(`${entry.column} has no slice of the ${network}: ${(problem as Error).message}`);
      }
    }
    for (let round = 0; round < rounds; round++) {
      for (let turn = 0; turn < found.length; turn++) {
        const { entry, answers } = found[(turn + round) % found.length]!;
        answers.push(await ask(entry, grid));
      }
    }
    timings.push(
      ...found.map(({ entry, answers }) => ({
        column: entry.column,
        network,
        grid,
        milliseconds: answers.map(({ milliseconds }) => milliseconds),
        error: worst(answers[0]?.losses ?? null, truths.get(network) ?? null),
      })),
    );
  }
  return timings;
}
