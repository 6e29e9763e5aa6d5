import { numberText } from '../../core/figures/number-text.ts';
import { checkpointAt } from '../scene/path-points.ts';
import { lossBetween } from '../scene/slice-grid.ts';
import { probe, useProbe } from '../state/probe.ts';
import { type ShownLandscape, shownLandscape, useResults } from '../state/results.ts';
import { currentRun, useRuns } from '../state/runs.ts';
import { useSettings } from '../state/settings.ts';
import { setCursor, useTime } from '../state/time.ts';
import { themeColours } from '../widgets/theme-colours.ts';
import { type PlaneModel, planeModel } from './plane-model.ts';
import {
  across,
  mapPicture,
  type PlotBox,
  paintAxes,
  paintMapMarks,
  paintSection,
  plotBox,
  up,
} from './plane-painting.ts';
import { type SectionAxis, sectionAlong } from './plane-section.ts';
import { stepText } from './value-axis.ts';

export interface PlaneDrawingOptions {
  readonly map: HTMLCanvasElement;
  readonly section: HTMLCanvasElement;
  along(): SectionAxis;
  /** Told when they change: what the heads of map and section say. */
  onTexts(texts: { readonly contours: string; readonly section: string; readonly point: string }): void;
}

export interface PlaneDrawing {
  redraw(): void;
  /** Moves the probed point by so many points of the grid. */
  movePoint(columns: number, rows: number): void;
  /** Looks at the checkpoint nearest to the probed point. */
  chooseNearest(): void;
  dispose(): void;
}

/** How near to the path a press has to be, in pixels. */
const reach = 12;
const sentenceEveryMs = 3000;

/** Map and section of the plane of the current run, linked with the scene by the probed point and with time by the step. */
export function planeDrawing({ map, section, along, onTexts }: PlaneDrawingOptions): PlaneDrawing {
  let model: PlaneModel | null = null;
  let [modelOf, modelHeight]: [ShownLandscape | null, string] = [null, ''];
  let picture: { readonly stamp: string; readonly canvas: HTMLCanvasElement } | null = null;
  let boxes: { map: PlotBox; section: PlotBox } | null = null;
  let pinned = false;
  let texts = '';
  let saidAt = Number.NEGATIVE_INFINITY;
  // Known from the observer: asking the canvases would lay out the page in the midst of a frame.
  const sizes = new Map<Element, CanvasSize>();
  let frame = 0;

  const schedule = () => {
    if (frame === 0) frame = requestAnimationFrame(draw);
  };

  /** What the section goes through: what is probed, else the point of the path at the cursor, else the centre. */
  function point(of: PlaneModel): { readonly alpha: number; readonly beta: number } {
    const probed = useProbe.getState().point;
    if (probed) return probed;
    if (!of.path) return { alpha: 0, beta: 0 };
    const at = checkpointAt(of.path, useTime.getState().cursor);
    return { alpha: of.path.alpha[at] ?? 0, beta: of.path.beta[at] ?? 0 };
  }

  function currentModel(): PlaneModel | null {
    const { current } = useRuns.getState();
    const landscape = current === null ? null : shownLandscape(current);
    const { height } = useSettings.getState().landscape;
    if (landscape !== modelOf || height !== modelHeight) {
      [modelOf, modelHeight] = [landscape, height];
      model = landscape ? planeModel(landscape, height) : null;
      picture = null;
      const probed = useProbe.getState().point;
      // What was picked here is read off the new plane.
      if (model && probed?.source === 'map') putPoint(probed.alpha, probed.beta);
    }
    return model;
  }

  function draw(now: number): void {
    frame = 0;
    const drawn = currentModel();
    const [mapContext, sectionContext] = [sized(map, sizeOf(map)), sized(section, sizeOf(section))];
    if (!drawn || !mapContext || !sectionContext) {
      tell({ contours: '', section: '', point: '' });
      return;
    }
    const at = point(drawn);
    boxes = { map: drawMap(mapContext, drawn, at), section: drawSection(sectionContext, drawn, at) };
    tell({ contours: drawn.contourText, section: sectionText(at), point: pointText(drawn, at) });
    if (now - saidAt > sentenceEveryMs) say(drawn, now);
  }

  const sizeOf = (canvas: HTMLCanvasElement): CanvasSize => sizes.get(canvas) ?? [0, 0];

  function drawMap(context: CanvasRenderingContext2D, drawn: PlaneModel, at: ReturnType<typeof point>): PlotBox {
    const colours = themeColours();
    const box = plotBox(...sizeOf(map), drawn.alpha, drawn.beta);
    const { colours: colourMap } = useSettings.getState().landscape;
    const [width, height] = [box.width, box.height].map((length) =>
      Math.max(1, Math.round(length * devicePixelRatio)),
    ) as [number, number];
    const stamp = `${colourMap} ${width} ${height}`;
    if (picture?.stamp !== stamp) picture = { stamp, canvas: mapPicture(drawn, colourMap, width, height) };
    context.drawImage(picture.canvas, box.left, box.top, box.width, box.height);
    paintAxes(context, box, { x: 'α', y: 'β' }, colours, false);
    paintMapMarks(context, box, drawn, { step: useTime.getState().cursor, point: at, along: along() }, colours);
    return box;
  }

  function drawSection(context: CanvasRenderingContext2D, drawn: PlaneModel, at: ReturnType<typeof point>): PlotBox {
    const colours = themeColours();
    const axis = along();
    const line = sectionAlong(drawn.grid, drawn.squares, axis, axis === 'alpha' ? at.beta : at.alpha);
    const { logarithmic } = drawn.scale;
    const known = line.loss.filter((one) => Number.isFinite(one) && (!logarithmic || one > 0));
    const [low, high] = [Math.min(...known), Math.max(...known)];
    const margin = logarithmic ? (high / low) ** 0.06 : 0.06 * (high - low || 1);
    const ends: readonly [number, number] =
      known.length === 0
        ? [1, 10]
        : logarithmic
          ? [low / Math.max(1.05, margin), high * Math.max(1.05, margin)]
          : [low - margin, high + margin];
    const box = plotBox(...sizeOf(section), drawn[axis], ends, logarithmic);
    paintAxes(context, box, { x: axis === 'alpha' ? 'α' : 'β', y: 'L' }, colours, true);
    const loss = lossBetween(drawn.grid, drawn.squares, at.alpha, at.beta);
    paintSection(context, box, line, { at: at[axis], loss }, colours);
    return box;
  }

  const sectionText = (at: ReturnType<typeof point>) =>
    along() === 'alpha' ? `β = ${numberText(at.beta, 3)}` : `α = ${numberText(at.alpha, 3)}`;

  function pointText(drawn: PlaneModel, { alpha, beta }: ReturnType<typeof point>): string {
    const loss = lossBetween(drawn.grid, drawn.squares, alpha, beta);
    const value = Number.isNaN(loss) ? 'L not computed here' : `L ≈ ${numberText(loss, 3)}`;
    return `α ${numberText(alpha, 3)}, β ${numberText(beta, 3)}: ${value}`;
  }

  function tell(next: Parameters<typeof onTexts>[0]): void {
    const stamp = JSON.stringify(next);
    if (stamp === texts) return;
    texts = stamp;
    onTexts(next);
  }

  function say(drawn: PlaneModel, now: number): void {
    saidAt = now;
    const { scale, path, alpha, beta } = drawn;
    const loss = (height: number) => numberText(scale.logarithmic ? 10 ** height : height, 3);
    const walked = path
      ? ` The path has ${path.steps.length} checkpoints up to step ${stepText(path.steps.at(-1) ?? 0)}.`
      : '';
    map.setAttribute(
      'aria-label',
      `Map of the loss on the plane, α from ${numberText(alpha[0], 3)} to ${numberText(alpha[1], 3)}, β from ${numberText(beta[0], 3)} to ${numberText(beta[1], 3)}; losses from ${loss(scale.low)} to ${loss(scale.high)}.${walked} Arrow keys move the probed point, Enter looks at the nearest checkpoint, Escape lets go.`,
    );
    section.setAttribute('aria-label', `Section of the loss along ${along()}, ${sectionText(point(drawn))}.`);
  }

  function putPoint(alpha: number, beta: number): void {
    if (!model) return;
    const clamp = (value: number, [low, high]: readonly [number, number]) => Math.min(high, Math.max(low, value));
    const [a, b] = [clamp(alpha, model.alpha), clamp(beta, model.beta)];
    probe({ alpha: a, beta: b, loss: lossBetween(model.grid, model.squares, a, b), source: 'map' });
  }

  function inMap(event: PointerEvent): { readonly alpha: number; readonly beta: number } | null {
    if (!boxes || !model) return null;
    const { left, top } = map.getBoundingClientRect();
    const { map: box } = boxes;
    const [u, v] = [(event.clientX - left - box.left) / box.width, (event.clientY - top - box.top) / box.height];
    if (u < 0 || u > 1 || v < 0 || v > 1) return null;
    return {
      alpha: model.alpha[0] + u * (model.alpha[1] - model.alpha[0]),
      beta: model.beta[1] - v * (model.beta[1] - model.beta[0]),
    };
  }

  /** The checkpoint whose place on the map is nearest, and how far that is. */
  function nearest(alpha: number, beta: number): { readonly step: number; readonly pixels: number } | null {
    if (!boxes || !model?.path) return null;
    const { map: box } = boxes;
    let found: { step: number; pixels: number } | null = null;
    for (const [i, step] of model.path.steps.entries()) {
      const pixels = Math.hypot(
        across(box, model.path.alpha[i]!) - across(box, alpha),
        up(box, model.path.beta[i]!) - up(box, beta),
      );
      if (found === null || pixels < found.pixels) found = { step, pixels };
    }
    return found;
  }

  // Arrow keys are the map's own, not a reader's.
  map.setAttribute('role', 'application');
  const controller = new AbortController();
  const { signal } = controller;
  const letGo = () => {
    if (!pinned && useProbe.getState().point?.source === 'map') probe(null);
  };
  map.addEventListener(
    'pointermove',
    (event) => {
      const at = pinned ? null : inMap(event);
      if (at) putPoint(at.alpha, at.beta);
      else letGo();
    },
    { signal },
  );
  map.addEventListener('pointerleave', letGo, { signal });
  map.addEventListener(
    'pointerdown',
    (event) => {
      const at = event.button === 0 ? inMap(event) : null;
      if (!at) return;
      const near = nearest(at.alpha, at.beta);
      if (near && near.pixels <= reach) setCursor(near.step);
      else {
        pinned = !pinned;
        putPoint(at.alpha, at.beta);
      }
    },
    { signal },
  );
  section.addEventListener(
    'pointermove',
    (event) => {
      if (!boxes || !model || pinned) return;
      const { left } = section.getBoundingClientRect();
      const { section: box } = boxes;
      const at = box.x[0] + ((event.clientX - left - box.left) / box.width) * (box.x[1] - box.x[0]);
      const through = point(model);
      if (along() === 'alpha') putPoint(at, through.beta);
      else putPoint(through.alpha, at);
    },
    { signal },
  );
  section.addEventListener('pointerleave', letGo, { signal });

  const measure = () => {
    for (const canvas of [map, section]) sizes.set(canvas, [canvas.clientWidth, canvas.clientHeight]);
    schedule();
  };
  const observer = new ResizeObserver(measure);
  observer.observe(map);
  observer.observe(section);
  const themes = new MutationObserver(schedule);
  themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  const stops = [
    useResults.subscribe(() => {
      const { current } = useRuns.getState();
      if ((current === null ? null : shownLandscape(current)) !== modelOf) schedule();
    }),
    useSettings.subscribe(schedule),
    useProbe.subscribe(({ point: probed }) => {
      if (probed === null) pinned = false;
      schedule();
    }),
    useTime.subscribe((time, before) => {
      if (time.cursor !== before.cursor) schedule();
    }),
    useRuns.subscribe((runs, before) => {
      if (runs.current !== before.current) schedule();
    }),
  ];
  measure();

  return {
    redraw: schedule,
    movePoint(columns, rows) {
      if (!model) return;
      pinned = true;
      const { alpha, beta } = point(model);
      const { grid } = model;
      putPoint(
        alpha + (columns * (model.alpha[1] - model.alpha[0])) / (grid.alpha.length - 1),
        beta + (rows * (model.beta[1] - model.beta[0])) / (grid.beta.length - 1),
      );
    },
    chooseNearest() {
      if (!model || currentRun() === null) return;
      const { alpha, beta } = point(model);
      const near = nearest(alpha, beta);
      if (near) setCursor(near.step);
    },
    dispose() {
      for (const stop of stops) stop();
      controller.abort();
      observer.disconnect();
      themes.disconnect();
      cancelAnimationFrame(frame);
      if (useProbe.getState().point?.source === 'map') probe(null);
    },
  };
}

/** Of a canvas in pixels of the page. */
type CanvasSize = readonly [width: number, height: number];

/** A canvas as large and as sharp as its element, cleared; null where it has no size. */
function sized(canvas: HTMLCanvasElement, [wide, high]: CanvasSize): CanvasRenderingContext2D | null {
  if (wide < 60 || high < 50) return null;
  const [width, height] = [Math.round(wide * devicePixelRatio), Math.round(high * devicePixelRatio)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d');
  context?.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  context?.clearRect(0, 0, wide, high);
  return context;
}
