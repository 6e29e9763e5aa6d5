/** A piece of a formula: on the line, or below it. */
export interface FormulaPiece {
  readonly text: string;
  readonly isLow: boolean;
}

/** `δ_{c,c′} of λ_max` in pieces: what follows an underscore, a word or a group in braces, stands below the line. */
export function formulaPieces(formula: string): readonly FormulaPiece[] {
  return formula.split(/(_\{[^}]*\}|_[\p{Lu}\p{Ll}\d]+)/u).flatMap((part, i) => {
    if (part === '') return [];
    return [{ text: i % 2 === 1 ? part.replace(/^_\{?|\}$/g, '') : part, isLow: i % 2 === 1 }];
  });
}

export function Formula({ formula }: { readonly formula: string }) {
  return (
    <span className="curvature-math">
      {formulaPieces(formula).map(({ text, isLow }, i) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a formula never change their order
        isLow ? <sub key={i}>{text}</sub> : <span key={i}>{text}</span>,
      )}
    </span>
  );
}
