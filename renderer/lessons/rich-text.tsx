import { Fragment, type ReactNode } from 'react';
import { fillIn } from '../../core/lessons/judge-answer.ts';
import type { Measured } from '../../core/lessons/measured/measured.ts';

/** Paragraphs of a lesson, an empty line between two. */
export function Paragraphs({ text, measured }: { readonly text: string; readonly measured: Measured }) {
  return (
    <>
      {text
        .trim()
        .split(/\n\s*\n/)
        .map((paragraph) => (
          <p key={paragraph}>
            <RichText text={paragraph} measured={measured} />
          </p>
        ))}
    </>
  );
}

/** `*emphasis*`, `_mathematics_`, and `{name}` for a number that was measured. */
export function RichText({ text, measured }: { readonly text: string; readonly measured: Measured }) {
  return <>{parts(text.trim().replace(/\s+/g, ' '), measured)}</>;
}

const marks = /(\*[^*]+\*|_[^_]+_|\{[A-Za-z0-9.]+\})/;

function parts(text: string, measured: Measured): ReactNode[] {
  return text.split(marks).map((part, i) => {
    const key = `${i} ${part}`;
    const inner = part.slice(1, -1);
    if (/^\*[^*]+\*$/.test(part)) return <em key={key}>{parts(inner, measured)}</em>;
    if (/^_[^_]+_$/.test(part)) return <Formula key={key} text={fillIn(inner, measured)} />;
    if (/^\{[A-Za-z0-9.]+\}$/.test(part))
      return (
        <span key={key} className="lesson-number">
          {fillIn(part, measured)}
        </span>
      );
    return <Fragment key={key}>{part}</Fragment>;
  });
}

/** Letters are variables; names of functions are not. */
function Formula({ text }: { readonly text: string }) {
  const split = text.split(/(ln|log|exp|tanh|[A-Za-zα-ω])/);
  return (
    <span className="lesson-formula">
      {split.map((part, i) =>
        [...part].length === 1 && /[A-Za-zα-ω]/.test(part) ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same letter comes several times, and never moves
          <i key={i}>{part}</i>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <Fragment key={i}>{part}</Fragment>
        ),
      )}
    </span>
  );
}
