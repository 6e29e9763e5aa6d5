import type { GradConfig, Tensor } from '@tensorflow/tfjs-core';

export type Cotangents = Record<string, () => Tensor>;

/**
 * A derivative rule: for the cotangent `dy` of an operation's output, the cotangents of its inputs, from the saved
 * inputs by name and the operation's attributes. Every rule is written with operations that have rules themselves.
 */
export function rule<const Names extends readonly string[], Attributes = Record<string, never>>(
  kernelName: string,
  inputsToSave: Names,
  cotangents: (dy: Tensor, saved: Record<Names[number], Tensor>, attributes: Attributes) => Cotangents,
): GradConfig {
  return {
    kernelName,
    inputsToSave: [...inputsToSave],
    gradFunc(dy, saved, attributes) {
      const byName = {} as Record<Names[number], Tensor>;
      inputsToSave.forEach((name: Names[number], i) => {
        byName[name] = saved[i]!;
      });
      return cotangents(dy as Tensor, byName, attributes as Attributes);
    },
  };
}

/** A rule whose simplest form uses the operation's output `y`: for tanh, dx = dy (1 − y²). */
export function ruleOfOutput<Attributes = Record<string, never>>(
  kernelName: string,
  cotangents: (dy: Tensor, y: Tensor, attributes: Attributes) => Cotangents,
): GradConfig {
  return {
    kernelName,
    outputsToSave: [true],
    gradFunc: (dy, saved, attributes) => cotangents(dy as Tensor, saved[0]!, attributes as Attributes),
  };
}

/** A rule for an operation on a list of tensors or with a list of outputs. */
export function ruleOfList<Attributes = Record<string, never>>(
  kernelName: string,
  cotangents: (dys: Tensor[], inputs: Tensor[], attributes: Attributes) => Cotangents,
  { savesInputs }: { savesInputs: boolean },
): GradConfig {
  return {
    kernelName,
    saveAllInputs: savesInputs,
    // A single output arrives as a tensor, not as a list of one.
    gradFunc: (dy, saved, attributes) => cotangents(Array.isArray(dy) ? dy : [dy], saved, attributes as Attributes),
  };
}
