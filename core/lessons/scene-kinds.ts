import type { SceneKind } from './lesson.ts';
import { depthsControls, depthsQuantities } from './measured/depths.ts';
import { edgeControls, edgeQuantities } from './measured/edge.ts';
import { escapeTimesControls, escapeTimesQuantities } from './measured/escape-times.ts';
import { hierarchyControls, hierarchyQuantities } from './measured/hierarchy.ts';
import { type Control, plainName, type Quantity } from './measured/measured.ts';
import { modesControls, modesQuantities } from './measured/modes.ts';
import { raceControls, raceQuantities } from './measured/race.ts';
import { randomLandscapeControls, randomLandscapeQuantities } from './measured/random-landscape.ts';
import { searchControls, searchQuantities } from './measured/search.ts';

export interface SceneDescription {
  readonly title: string;
  readonly controls: readonly Control[];
  /** What it measures, as questions and texts name it. */
  readonly quantities: readonly Quantity[];
}

/** What a lesson's file may name of each kind of scene. */
export const sceneKinds: Readonly<Record<SceneKind, SceneDescription>> = {
  race: { title: 'Optimisers on a surface', controls: raceControls, quantities: raceQuantities },
  randomLandscape: {
    title: 'Critical points of a random landscape',
    controls: randomLandscapeControls,
    quantities: randomLandscapeQuantities,
  },
  search: { title: 'A search for critical points', controls: searchControls, quantities: searchQuantities },
  modes: { title: 'Modes of a deep linear network', controls: modesControls, quantities: modesQuantities },
  depths: { title: 'Steps to learn, by depth', controls: depthsControls, quantities: depthsQuantities },
  hierarchy: { title: 'Learning a hierarchy', controls: hierarchyControls, quantities: hierarchyQuantities },
  edge: { title: 'Gradient descent and its sharpness', controls: edgeControls, quantities: edgeQuantities },
  escapeTimes: { title: 'Escape times', controls: escapeTimesControls, quantities: escapeTimesQuantities },
};

/** Null where the kind has no such quantity; `q.first` and its kin are those of q. */
export function quantityOf(kind: SceneKind, name: string): Quantity | null {
  const plain = plainName(name);
  return sceneKinds[kind].quantities.find((one) => one.name === plain) ?? null;
}
