import * as vega from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { Specification } from '../../core/figures/figure.ts';

/** A specification to be drawn, and the number that its answer carries. */
export interface FigureRequest {
  readonly id: number;
  readonly specification: Specification;
}

/** Where the picture has its axes: pixels of the plot, and what its horizontal axis goes from and to. */
export interface PlotPlace {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly from: number;
  readonly to: number;
}

export interface DrawnFigure {
  readonly svg: string;
  /** Null where the horizontal axis is not one of numbers on a linear scale. */
  readonly plot: PlotPlace | null;
}

export type FigureAnswer = ({ readonly id: number } & DrawnFigure) | { readonly id: number; readonly problem: string };

/** Part of Vega, but not of its type declarations. */
const { textMetrics } = vega as unknown as {
  textMetrics: {
    width: (
      item: { readonly fontSize?: number; readonly fontWeight?: string | number; readonly font?: string },
      text: unknown,
    ) => number;
  };
};

/** Vega measures with a canvas of the document, which a worker does not have. */
const measuring = new OffscreenCanvas(1, 1).getContext('2d');
if (measuring)
  textMetrics.width = ({ fontSize = 11, fontWeight = 'normal', font = 'sans-serif' }, text) => {
    measuring.font = `${fontWeight} ${fontSize}px ${font}`;
    return measuring.measureText(String(text ?? '')).width;
  };

interface Scale {
  readonly type?: string;
  domain(): unknown[];
}

function plotOf(view: vega.View): PlotPlace | null {
  let scale: Scale;
  try {
    scale = view.scale('x') as Scale;
  } catch {
    return null;
  }
  const [from, to] = scale.domain();
  if (scale.type !== 'linear' || typeof from !== 'number' || typeof to !== 'number') return null;
  // Also part of Vega, but not of its type declarations.
  const { left, top } = (view as unknown as { padding(): { left: number; top: number } }).padding();
  const [x = 0, y = 0] = view.origin();
  return { left: left + x, top: top + y, width: view.width(), height: view.height(), from, to };
}

/** As SVG text, without generated code. */
async function drawn(specification: Specification): Promise<DrawnFigure> {
  const { spec } = compile(specification as unknown as TopLevelSpec);
  const view = new vega.View(vega.parse(spec, undefined, { ast: true }), {
    renderer: 'none',
    expr: expressionInterpreter,
    logLevel: vega.Error,
  });
  try {
    const svg = await view.toSVG();
    return { svg, plot: plotOf(view) };
  } finally {
    view.finalize();
  }
}

self.onmessage = async ({ data: { id, specification } }: MessageEvent<FigureRequest>) => {
  let answer: FigureAnswer;
  try {
    answer = { id, ...(await drawn(specification)) };
  } catch (problem) {
    answer = { id, problem: problem instanceof Error ? problem.message : String(problem) };
  }
  self.postMessage(answer);
};
