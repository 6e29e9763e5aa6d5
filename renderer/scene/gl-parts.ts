import { Color, DirectionalLight, HemisphereLight, Scene } from 'three';
import { boxLines } from './box-lines.ts';
import { basisOf, type CameraPose, eyeOf } from './camera-pose.ts';
import { contoursOn } from './contour-lines.ts';
import { flatLines, thickLines, thinLines } from './lines.ts';
import { otherPaths } from './other-paths.ts';
import { contourInk, darkInk, keyLight, pathLift, type SceneStyle } from './painter.ts';
import type { SceneModel } from './scene-model.ts';
import type { ColourScale } from './surface-colours.ts';
import { surfaceMesh } from './surface-mesh.ts';

const light = { sky: '#ffffff', ground: '#39415a', fill: 1.35, key: 2.5 } as const;

export type GlParts = ReturnType<typeof glParts>;

/** What a painter draws, in this order: what is behind the path is there when the path is drawn. */
export function glParts() {
  const scene = new Scene();
  const background = new Color();
  scene.background = background;
  const surface = surfaceMesh();
  const [walls, shadow, edges] = [thinLines(0.55), thickLines(1.5), thinLines(1)];
  const contours = [thinLines(contourInk.dark.opacity), thinLines(contourInk.light.opacity)] as const;
  const floor = contours.map((lines) => flatLines(lines, 0.9));
  const stalks = thinLines(0.7);
  // Borders of what is cut off and of what is missing.
  const [cut, rim] = [thickLines(2.25), thickLines(1.5)];
  // Thick segments cost software a draw each: while it hurries, a pixel of a coarser picture is wide enough.
  const [quickCut, quickRim] = [thinLines(1), thinLines(1)];
  // A path below or behind the surface shows through it as a thinner line.
  const [hiddenCase, hidden] = [thickLines(3.5), thickLines(1.75)];
  const [casing, path] = [thickLines(6.5), thickLines(3.5)];
  for (const { material } of [hiddenCase, hidden]) material.depthTest = false;
  hiddenCase.material.depthWrite = false;
  hidden.material.depthWrite = false;
  casing.material.depthWrite = false;
  const lines = [
    ...[walls, shadow, edges, ...contours, stalks, cut, rim, quickCut, quickRim],
    ...[hiddenCase, hidden, casing, path],
  ] as const;
  const ordered = [
    ...[walls, ...floor, shadow, edges].map(({ object }) => object),
    ...[surface.floor, surface.object, surface.coarse, surface.wires],
    ...[...contours, rim, quickRim, cut, quickCut, stalks, hiddenCase, hidden, casing, path].map(
      ({ object }) => object,
    ),
  ];
  ordered.forEach((object, order) => {
    object.renderOrder = order;
    scene.add(object);
  });
  const others = otherPaths(scene, ordered.length);
  const [fill, key] = [new HemisphereLight(light.sky, light.ground, light.fill), new DirectionalLight()];
  scene.add(fill, key);
  let shown: SceneModel | null = null;
  let [worn, coloured]: [SceneStyle | null, string] = [null, ''];
  let facing = '';
  let isHurried = false;

  /** The table of colours depends on the theme and on what is shown. */
  function colour(scale: Pick<ColourScale, 'diverging'>): void {
    if (worn === null) return;
    const key = [worn.colourMap, worn.background, worn.quietText, scale.diverging].join();
    if (key === coloured) return;
    coloured = key;
    surface.colours(worn, scale);
  }
  /** The box lines change only with the sides that face the viewer. */
  function frame(pose: CameraPose): void {
    const quarter = quarterOf(pose);
    if (shown === null || quarter === facing) return;
    facing = quarter;
    const lines = boxLines(shown.box, pose);
    edges.show(lines.edges);
    walls.show(lines.walls);
  }
  /** What has as many pieces as the surface. */
  function drawLines({ contours: fine, levels, edge, holes, surface: arrays, content: { flat } }: SceneModel): void {
    const coarse = flat ? null : surface.coarseTriangles;
    contours.forEach((line, i) => {
      if (coarse) line.show(contoursOn(arrays, coarse, levels[i]!));
      else line.show(fine[i]!.points, fine[i]!.length);
      line.object.scale.y = flat ? 0 : 1;
      floor[i]!.follow();
      if (flat) floor[i]!.object.visible = false;
    });
    for (const [line, isDrawn] of [
      [cut, !isHurried],
      [quickCut, isHurried],
    ] as const)
      line.show(isDrawn ? edge : []);
    for (const [line, isDrawn] of [
      [rim, !isHurried],
      [quickRim, isHurried],
    ] as const)
      line.show(isDrawn ? holes.outline : []);
  }
  /** The path, shrunk towards the eye: at the same pixels, but in front of a surface that it lies on or just under. */
  function liftPath(pose: CameraPose): void {
    const share = pathLift / pose.distance;
    for (const { object } of [casing, path, ...others.lines()]) {
      object.scale.setScalar(1 - share);
      object.position.set(...eyeOf(pose)).multiplyScalar(share);
    }
  }
  return {
    scene,
    /** One object of each kind that is drawn: each has a program of its own. */
    kinds: [surface.object, edges.object, path.object] as const,
    style(style: SceneStyle) {
      worn = style;
      const isTransparent = style.background === 'transparent';
      if (!isTransparent) background.set(style.background);
      scene.background = isTransparent ? null : background;
      colour(shown?.colours ?? { diverging: false });
      walls.material.color.set(style.wall);
      for (const { material } of floor) material.color.set(style.floor);
      cut.material.color.set(style.text);
      rim.material.color.set(style.quietText);
      quickCut.material.color.set(style.text);
      quickRim.material.color.set(style.quietText);
      edges.material.color.set(style.axis);
      shadow.material.color.set(style.quietText);
      stalks.material.color.set(style.stalk);
      contours[1].material.color.set(contourInk.light.colour);
      hidden.material.color.set(style.path);
      path.material.color.set(style.path);
      hiddenCase.material.color.set(style.pathCase);
      casing.material.color.set(style.pathCase);
      path.material.linewidth = style.pathWidth;
      casing.material.linewidth = style.pathWidth + 3;
      others.style(style);
    },
    show(model: SceneModel | null) {
      shown = model;
      facing = '';
      scene.visible = model !== null;
      others.show(model?.others ?? []);
      if (model === null) return;
      const { flat } = model.content;
      // On a map, light from everywhere: the colours of the scale themselves, by the program that draws the landscape.
      fill.groundColor.set(flat ? light.sky : light.ground);
      fill.intensity = flat ? Math.PI : light.fill;
      key.intensity = flat ? 0 : light.key;
      colour(model.colours);
      const ink = darkInk(model);
      contours[0].material.color.set(ink.colour);
      contours[0].material.opacity = ink.opacity;
      surface.show(model.surface, model.content.outlines, model.holes.tiles);
      drawLines(model);
      shadow.show(model.shadow);
      stalks.show(model.stalks);
      for (const line of [hiddenCase, hidden, casing, path]) line.show(model.path);
    },
    /** While software draws a surface that turns. */
    hurry(next: boolean) {
      if (next === isHurried) return;
      isHurried = next;
      surface.hurry(next);
      if (shown) drawLines(shown);
    },
    /** What depends on where the viewer stands. */
    face(pose: CameraPose) {
      frame(pose);
      liftPath(pose);
      const { back } = basisOf({ azimuth: pose.azimuth + keyLight.azimuth, elevation: keyLight.elevation });
      key.position.set(...back);
    },
    dispose() {
      surface.dispose();
      for (const part of [...lines, ...floor]) part.dispose();
      others.dispose();
      fill.dispose();
      key.dispose();
    },
  };
}

const quarterOf = ({ azimuth }: CameraPose): string => {
  const [s, c] = [Math.sin(azimuth), Math.cos(azimuth)];
  return `${c >= -1e-9}${s > 1e-9}${Math.abs(s) > Math.abs(c)}`;
};
