import { type KeyboardEvent, useEffect, useId, useRef } from 'react';
import { redo, undo } from '../../state/history.ts';
import './yaml-text.css';

export interface YamlTextProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** The line (from 1) that a complaint is about; null where there is none. */
  readonly problemLine: number | null;
  /** Read out with the text where it cannot be used. */
  readonly problem: string | null;
}

const indent = '  ';

/** From the start of its first line to the end of its last one. */
function linesAround(text: string, start: number, end: number): readonly [number, number] {
  const next = text.indexOf('\n', end);
  return [text.lastIndexOf('\n', start - 1) + 1, next < 0 ? text.length : next];
}

/** The selected lines two spaces further in or out. */
function shiftLines(area: HTMLTextAreaElement, outwards: boolean): void {
  const { selectionStart, selectionEnd, value } = area;
  const [from, to] = linesAround(value, selectionStart, selectionEnd);
  const lines = value.slice(from, to).split('\n');
  const shifted = lines.map((line) => (outwards ? line.replace(/^ {1,2}/, '') : `${indent}${line}`));
  area.setRangeText(shifted.join('\n'), from, to, 'preserve');
}

function breakLine(area: HTMLTextAreaElement): void {
  const { selectionStart, selectionEnd, value } = area;
  const [from] = linesAround(value, selectionStart, selectionStart);
  const [before = ''] = /^ */.exec(value.slice(from, selectionStart)) ?? [];
  area.setRangeText(`\n${before}`, selectionStart, selectionEnd, 'end');
}

/**
 * A plain text area with the numbers of its lines. Tab indents; after Escape the next Tab leaves, as in other editors.
 */
export function YamlText({ label, value, onChange, problemLine, problem }: YamlTextProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLDivElement>(null);
  const leaves = useRef(false);
  const [helpId, problemId] = [useId(), useId()];
  const lines = value.split('\n').length;

  const changed = () => {
    if (area.current) onChange(area.current.value);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const isModified = event.ctrlKey || event.metaKey;
    if (event.key === 'Escape') {
      leaves.current = true;
      return;
    }
    const { selectionStart, selectionEnd } = event.currentTarget;
    if (event.key === 'Tab' && !leaves.current && !isModified && !event.altKey) {
      event.preventDefault();
      if (selectionStart === selectionEnd && !event.shiftKey)
        event.currentTarget.setRangeText(indent, selectionStart, selectionEnd, 'end');
      else shiftLines(event.currentTarget, event.shiftKey);
      changed();
    } else if (event.key === 'Enter' && !isModified && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      breakLine(event.currentTarget);
      changed();
    } else if (isModified && ['z', 'y'].includes(event.key.toLowerCase())) {
      // The form and the text are one thing with one past: the text area's own would undo only half of it.
      event.preventDefault();
      event.stopPropagation();
      if (event.key.toLowerCase() === 'y' || event.shiftKey) redo();
      else undo();
    }
    if (event.key !== 'Shift') leaves.current = false;
  };

  const follow = () => {
    if (gutter.current && area.current) gutter.current.style.transform = `translateY(${-area.current.scrollTop}px)`;
  };
  // A text put in from outside may be shorter than where one had scrolled to.
  useEffect(follow);

  return (
    <div className="yaml-text">
      <div className="yaml-text-gutter" aria-hidden="true">
        <div ref={gutter}>
          {Array.from({ length: lines }, (_, i) => i + 1).map((line) => (
            <span key={line} className={line === problemLine ? 'yaml-text-line yaml-text-bad' : 'yaml-text-line'}>
              {line === problemLine ? '✕ ' : ''}
              {line}
            </span>
          ))}
        </div>
      </div>
      <textarea
        ref={area}
        className="yaml-text-area"
        aria-label={label}
        aria-describedby={problem === null ? helpId : `${problemId} ${helpId}`}
        aria-invalid={problem !== null}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        wrap="off"
        value={value}
        onChange={changed}
        onKeyDown={onKeyDown}
        onScroll={follow}
      />
      <span id={helpId} className="yaml-text-help">
        Tab indents; Escape, then Tab leaves the text.
      </span>
      {problem === null ? null : (
        <span id={problemId} className="yaml-text-help">
          {problemLine === null ? '' : `Line ${problemLine}: `}
          {problem}
        </span>
      )}
    </div>
  );
}

/** Puts the cursor at the start of a line of the text with this label, and shows it. */
export function goToLine(label: string, line: number): void {
  const area = document.querySelector<HTMLTextAreaElement>(`textarea[aria-label="${CSS.escape(label)}"]`);
  if (!area) return;
  const start =
    area.value
      .split('\n')
      .slice(0, line - 1)
      .join('\n').length + (line > 1 ? 1 : 0);
  const end = area.value.indexOf('\n', start);
  area.focus();
  area.setSelectionRange(start, end < 0 ? area.value.length : end);
  const lineHeight = Number.parseFloat(getComputedStyle(area).lineHeight) || 18;
  area.scrollTop = Math.max(0, (line - 4) * lineHeight);
}
