import type { BatchKey } from '../../objective/objective.ts';
import { maskSeedOf, type Setting, scaleOf } from './objective-setting.ts';
import type { PartOfLoss } from './plan/loss-programs.ts';
import type { PointLinearization } from './plan/point-linearization.ts';

/** The linearisations of a function on all parts of the data, at one point. */
export interface PartLinearizations {
  /** Of the first part, which is always held. */
  readonly first: PointLinearization | undefined;
  /** Calls `use` for each part in order, with the number of its first example; the gate is passed in between. */
  each(use: (at: PointLinearization, start: number) => Promise<void>): Promise<void>;
  dispose(): void;
}

/** Runs `body` on each part of the data, from part `from` on. */
export async function forEachPart<V>(
  setting: Setting<V>,
  batch: BatchKey | undefined,
  body: (part: PartOfLoss) => Promise<void>,
  from = 0,
): Promise<void> {
  const scale = scaleOf(setting, batch?.length ?? setting.examples.count);
  const seed = maskSeedOf(batch);
  await setting.examples.forEachPart(batch, (part, index) => body({ part, index, scale, seed }), from);
}

/**
 * Linearises every part with `make` and holds the first ones, up to `setting.heldBytes` (at least one); the others are
 * given up at once and made anew at each use, so that data of any size takes bounded memory: a product then costs a
 * gradient more for the parts that are not held.
 */
export async function linearizeParts<V>(
  setting: Setting<V>,
  batch: BatchKey | undefined,
  make: (part: PartOfLoss, first: boolean) => Promise<PointLinearization>,
): Promise<PartLinearizations> {
  const held: { readonly at: PointLinearization; readonly start: number }[] = [];
  let bytes = 0;
  let next = 0;
  let all = true;
  let heldExamples = 0;
  const dispose = () => {
    for (const { at } of held.splice(0)) at.dispose();
  };
  try {
    await forEachPart(setting, batch, async (part) => {
      const at = await make(part, true);
      if (all && (held.length === 0 || bytes + at.bytes <= setting.heldBytes)) {
        held.push({ at, start: next });
        bytes += at.bytes;
        heldExamples += part.part.count;
      } else {
        all = false;
        at.dispose();
      }
      next += part.part.count;
    });
  } catch (problem) {
    dispose();
    throw problem;
  }
  return {
    get first() {
      return held[0]?.at;
    },
    async each(use) {
      for (const [i, { at, start }] of [...held].entries()) {
        if (i > 0) await setting.gate?.pass();
        await use(at, start);
      }
      if (all) return;
      let start = heldExamples;
      const remade = async (part: PartOfLoss) => {
        const at = await make(part, false);
        try {
          await use(at, start);
        } finally {
          at.dispose();
        }
        start += part.part.count;
      };
      await forEachPart(setting, batch, remade, held.length);
    },
    dispose,
  };
}
