import type { Tensor } from '@tensorflow/tfjs-core';
import { executorFor, rulesForBackend } from './executor.ts';
import { extractProgram } from './extract-program.ts';
import type { Program, ProgramExecutor } from './program.ts';
import { type Expression, symbolicGraph } from './symbolic.ts';
import { type SampleInputs, tracedSymbols } from './traced-symbols.ts';

/** What a traced function returned, by kind. */
export interface TracedResults {
  /** What depends on the point alone. */
  readonly point: readonly Tensor[];
  /** Linear in the vectors: one list a product. */
  readonly products: Readonly<Record<string, readonly Tensor[]>>;
  /** Frees what the function kept. */
  free(): void;
}

/** One product of a linearisation as a program. */
interface ProductProgram {
  executor(): ProgramExecutor;
  /** Where its fixed inputs come from: a result of the point's program, or the data. */
  readonly fixed: readonly ({ readonly result: number } | { readonly data: number })[];
}

/**
 * A function that was traced once, for all points and data of the same shapes. Executors are made when first asked for: a
 * gradient needs no product, and products no gradient without residuals.
 */
export interface LinearizedPrograms {
  /** How many kernels ran while tracing, and how many steps a product has. */
  readonly steps: { readonly traced: number; readonly products: Readonly<Record<string, number>> };
  /** Only what depends on the point: its results, without what products need. */
  value(): ProgramExecutor;
  /** The results of the point, then everything that products need of it. */
  point(): ProgramExecutor;
  readonly pointResults: number;
  readonly products: Readonly<Record<string, ProductProgram>>;
  dispose(): void;
}

/**
 * Traces `body` and makes programs of it: one for the point θ, which gives the function's own results and the residuals
 * (what later products need of the point, and no more), and one a product, whose free inputs are the vectors that
 * `freeVectors` names. `patterns`: whether forms that pay on some engines, and take memory, are used; `sideBySide`: for
 * several runs at once. Cost: the body once, and about as many kernels' time as it has steps for the simplification.
 */
export function linearizedPrograms(
  inputs: SampleInputs,
  freeVectors: Readonly<Record<string, readonly number[]>>,
  body: () => TracedResults,
  { patterns, sideBySide = false }: { readonly patterns: boolean; readonly sideBySide?: boolean },
): LinearizedPrograms {
  const graph = symbolicGraph();
  const made: ProgramExecutor[] = [];
  let ends: TracedResults = { point: [], products: {}, free: () => {} };
  try {
    const symbols = tracedSymbols(graph, inputs, rulesForBackend(patterns), () => {
      ends = body();
      return [...ends.point, ...Object.values(ends.products).flat()];
    });
    const pointResults = symbols.results.slice(0, ends.point.length);
    let next = ends.point.length;
    const extracted = Object.entries(ends.products).map(([name, { length }]) => {
      const results = symbols.results.slice(next, next + length);
      next += length;
      const free = (freeVectors[name] ?? []).map((i) => symbols.vectors[i] as Expression);
      return { name, ...extractProgram(graph, 2, free, results) };
    });
    const isData = new Map(symbols.data.map((symbol, i) => [symbol, i]));
    const residuals = [...new Set(extracted.flatMap(({ fixed }) => fixed))].filter((symbol) => !isData.has(symbol));
    const place = new Map(residuals.map((symbol, i) => [symbol, ends.point.length + i]));
    const executor = (program: () => Program): (() => ProgramExecutor) => {
      let one: ProgramExecutor | null = null;
      return () => {
        if (one) return one;
        one = executorFor(program(), sideBySide);
        made.push(one);
        return one;
      };
    };
    const pointProgram = (results: readonly Expression[]) => {
      const program = () => ({ ...extractProgram(graph, 1, symbols.theta, results).program, fixed: symbols.data });
      return executor(program);
    };
    const products = Object.fromEntries(
      extracted.map(({ name, program, fixed }) => [
        name,
        {
          executor: executor(() => program),
          fixed: fixed.map((symbol) => {
            const data = isData.get(symbol);
            return data === undefined ? { result: place.get(symbol) as number } : { data };
          }),
        },
      ]),
    );
    return {
      steps: {
        traced: symbols.traced,
        products: Object.fromEntries(extracted.map(({ name, program }) => [name, program.steps.length])),
      },
      value: pointProgram(pointResults),
      point: pointProgram([...pointResults, ...residuals]),
      pointResults: pointResults.length,
      products,
      dispose() {
        for (const one of made) one.dispose();
        graph.dispose();
      },
    };
  } catch (error) {
    for (const one of made) one.dispose();
    graph.dispose();
    throw error;
  } finally {
    ends.free();
  }
}
