import { Color, type Scene } from 'three';
import { type ThickLines, thickLines } from './lines.ts';
import type { SceneStyle } from './painter.ts';
import type { SceneModel } from './scene-model.ts';

/** Paths of other runs: thinner than the one that the scene is about, each in a colour of its own. */
export interface OtherPaths {
  lines(): readonly ThickLines[];
  style(style: SceneStyle): void;
  show(paths: SceneModel['others']): void;
  dispose(): void;
}

interface Pair {
  /** Where the surface is in front: under everything else of the path. */
  readonly hidden: ThickLines;
  readonly casing: ThickLines;
  readonly line: ThickLines;
}

/** As many pairs of lines as there are paths; those that are not wanted any more are given back. */
export function otherPaths(scene: Scene, order: number): OtherPaths {
  const pairs: Pair[] = [];
  let worn: SceneStyle | null = null;
  const dress = ({ hidden, casing, line }: Pair) => {
    if (worn === null) return;
    casing.material.color.set(worn.pathCase);
    casing.material.linewidth = worn.pathWidth + 1.5;
    line.material.linewidth = worn.pathWidth - 0.5;
    hidden.material.linewidth = worn.pathWidth / 2;
  };
  function add(): void {
    const pair = { hidden: thickLines(1.75), casing: thickLines(5), line: thickLines(3) };
    pair.hidden.material.depthTest = false;
    pair.hidden.material.depthWrite = false;
    pair.casing.material.depthWrite = false;
    [pair.hidden, pair.casing, pair.line].forEach(({ object }, i) => {
      object.renderOrder = order + 3 * pairs.length + i;
      scene.add(object);
    });
    pairs.push(pair);
    dress(pair);
  }
  function remove({ hidden, casing, line }: Pair): void {
    for (const each of [hidden, casing, line]) {
      scene.remove(each.object);
      each.dispose();
    }
  }
  function show(paths: SceneModel['others']): void {
    while (pairs.length < paths.length) add();
    for (const pair of pairs.splice(paths.length)) remove(pair);
    paths.forEach(({ segments, colour, isSeenThrough }, i) => {
      const { hidden, casing, line } = pairs[i]!;
      hidden.show(isSeenThrough ? segments : []);
      hidden.material.color.set(new Color(colour));
      casing.show(segments);
      line.show(segments);
      line.material.color.set(new Color(colour));
    });
  }
  return {
    lines: () => pairs.flatMap(({ casing, line }) => [casing, line]),
    style(style) {
      worn = style;
      pairs.forEach(dress);
    },
    show,
    dispose: () => show([]),
  };
}
