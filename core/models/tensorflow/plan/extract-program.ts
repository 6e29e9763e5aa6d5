import type { Operand, Program, ProgramStep } from './program.ts';
import type { Expression, SymbolicGraph, SymbolicStep } from './symbolic.ts';

/** A program, with the symbols of its fixed inputs in their order. */
export interface ExtractedProgram {
  readonly program: Program;
  readonly fixed: readonly Expression[];
}

/**
 * The steps that lead to `results`, of one level: of the point (then what is not free is data), or of the vector (then
 * values of the point are fixed inputs). Nothing else is computed. Every result is the output of a step of its own.
 */
export function extractProgram(
  graph: SymbolicGraph,
  level: 1 | 2,
  free: readonly Expression[],
  results: readonly Expression[],
): ExtractedProgram {
  const steps: ProgramStep[] = [];
  const done = new Set<SymbolicStep>();
  const given = new Set(free);
  const fixed = new Set<Expression>();

  const operandOf = (symbol: Expression): Operand => {
    if (symbol.constant) return { constant: symbol.constant };
    if (!given.has(symbol) && (symbol.level < level || symbol.step === null)) fixed.add(symbol);
    return { value: symbol };
  };
  const isInside = ({ step, level: own, constant }: Expression): boolean =>
    step !== null && own === level && constant === null;

  function need(last: SymbolicStep): void {
    const waiting = [last];
    while (waiting.length > 0) {
      const step = waiting[waiting.length - 1] as SymbolicStep;
      const before = step.inputs.flatMap(([, symbol]) =>
        isInside(symbol) && symbol.step && !done.has(symbol.step) ? [symbol.step] : [],
      );
      if (!done.has(step) && before.length > 0) {
        waiting.push(...before);
        continue;
      }
      waiting.pop();
      if (done.has(step)) continue;
      done.add(step);
      const inputs = step.inputs.map(([name, symbol]) => [name, operandOf(symbol)] as const);
      steps.push({ kernel: step.kernel, inputs, attributes: step.attributes, outputs: step.outputs });
    }
  }

  const returned = new Set<Expression>();
  const resultOf = (symbol: Expression): Operand => {
    if (isInside(symbol) && !returned.has(symbol)) {
      need(symbol.step as SymbolicStep);
      returned.add(symbol);
      return { value: symbol };
    }
    // An input, a constant, or a result for the second time.
    const copy = graph.input(1, symbol);
    steps.push({ kernel: 'Identity', inputs: [['x', operandOf(symbol)]], attributes: {}, outputs: [copy] });
    return { value: copy };
  };
  const operands = results.map(resultOf);
  const inputs = [...fixed];
  return { program: { free, fixed: inputs, steps, results: operands }, fixed: inputs };
}
