import * as vega from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { Specification } from '../../core/figures/figure.ts';

/** A specification to be drawn, and the number that its answer carries. */
export interface FigureRequest {
  readonly id: number;
  readonly specification: Specification;
}

export type FigureAnswer =
  | { readonly id: number; readonly svg: string }
  | { readonly id: number; readonly problem: string };

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

/** As SVG text, without generated code. */
async function drawn(specification: Specification): Promise<string> {
  const { spec } = compile(specification as unknown as TopLevelSpec);
  const view = new vega.View(vega.parse(spec, undefined, { ast: true }), {
    renderer: 'none',
    expr: expressionInterpreter,
    logLevel: vega.Error,
  });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

self.onmessage = async ({ data: { id, specification } }: MessageEvent<FigureRequest>) => {
  let answer: FigureAnswer;
  try {
    answer = { id, svg: await drawn(specification) };
  } catch (problem) {
    answer = { id, problem: problem instanceof Error ? problem.message : String(problem) };
  }
  self.postMessage(answer);
};
