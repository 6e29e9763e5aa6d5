import { useCallback, useMemo, useRef } from 'react';
import { BadInput } from '../../../core/bad-input.ts';
import { valuesOfText } from '../../../core/experiment/experiment-text.ts';
import { reportProblem } from '../../state/session.ts';
import type { TextChange, TextForm } from './text-form.ts';

/** A form on a text; while the text cannot be read it shows what it last was, and changes nothing. */
export function useTextForm(text: string, change: (label: string, text: string) => void): TextForm {
  const lastGood = useRef<Readonly<Record<string, unknown>>>({});
  const read = useMemo(() => valuesOfText(text), [text]);
  if (read.values !== null) lastGood.current = read.values;
  const latest = useRef({ text, change });
  latest.current = { text, change };
  const edit = useCallback((label: string, edited: TextChange) => {
    const { text: before, change: take } = latest.current;
    try {
      const next = edited(before, valuesOfText(before).values ?? {});
      if (next !== before) take(label, next);
    } catch (problem) {
      if (!(problem instanceof BadInput)) throw problem;
      reportProblem({ kind: 'badInput', found: problem.found, advice: problem.advice });
    }
  }, []);
  return { values: read.values ?? lastGood.current, isDisabled: read.values === null, edit };
}
