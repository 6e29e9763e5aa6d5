import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { Question } from '../../core/lessons/lesson.ts';
import type { Measured } from '../../core/lessons/measured/measured.ts';
import { Button } from '../widgets/button.tsx';
import { Icon, type IconName } from '../widgets/icon.tsx';
import { type Answered, giveAnswer } from './lesson-state.ts';
import { Paragraphs, RichText } from './rich-text.tsx';

const signs: Readonly<Record<Answered['judgement']['verdict'], IconName>> = {
  right: 'check',
  wrong: 'cross',
  notYet: 'info',
};
const words: Readonly<Record<Answered['judgement']['verdict'], string>> = {
  right: 'Yes.',
  wrong: 'No.',
  notYet: 'Not yet.',
};

export interface QuestionViewProps {
  readonly question: Question;
  readonly measured: Measured;
  readonly answered: Answered | null;
}

/** A question whose answer is found in the scene, and what is said to it. */
export function QuestionView({ question, measured, answered }: QuestionViewProps) {
  const title = useId();
  const judgement = answered?.judgement ?? null;
  const reply = useRef<HTMLParagraphElement>(null);
  const said = judgement?.reply ?? null;
  const before = useRef(said);
  // What is said to an answer may lie below the edge of a low window.
  useEffect(() => {
    if (said !== null && said !== before.current) reply.current?.scrollIntoView?.({ block: 'nearest' });
    before.current = said;
  }, [said]);
  return (
    <section className="lesson-question" aria-labelledby={title}>
      <h2 id={title}>{question.kind === 'reach' ? 'Do it' : 'Find out'}</h2>
      <Paragraphs text={question.text} measured={measured} />
      {question.kind === 'choice' ? (
        <Choices question={question} measured={measured} answered={answered} labelledBy={title} />
      ) : null}
      {question.kind === 'number' ? <NumberAnswer answered={answered} /> : null}
      {judgement === null ? null : (
        <p ref={reply} className={`lesson-reply lesson-reply-${judgement.verdict}`}>
          <Icon name={signs[judgement.verdict]} size={16} />
          <span>
            <strong>{words[judgement.verdict]}</strong> <RichText text={judgement.reply} measured={{}} />
          </span>
        </p>
      )}
    </section>
  );
}

interface ChoicesProps {
  readonly question: Extract<Question, { kind: 'choice' }>;
  readonly measured: Measured;
  readonly answered: Answered | null;
  readonly labelledBy: string;
}

/** Arrows move between them, Enter or Space answers: moving alone says nothing. */
function Choices({ question, measured, answered, labelledBy }: ChoicesProps) {
  const given = answered?.answer;
  const chosen = given && 'choice' in given ? given.choice : null;
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('button')];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    buttons[(at + by + buttons.length) % buttons.length]?.focus();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be named by the heading above it
    <div role="group" aria-labelledby={labelledBy} className="lesson-choices" onKeyDown={onKeyDown}>
      {question.choices.map(({ text }, i) => (
        <button
          key={text}
          type="button"
          className="lesson-choice"
          aria-pressed={i === chosen}
          onClick={() => giveAnswer({ choice: i })}
        >
          <span className="lesson-choice-sign" aria-hidden="true" />
          <span>
            <RichText text={text} measured={measured} />
          </span>
        </button>
      ))}
    </div>
  );
}

function NumberAnswer({ answered }: { readonly answered: Answered | null }) {
  const given = answered?.answer;
  const [text, setText] = useState(given && 'number' in given ? String(given.number) : '');
  const number = Number(text.trim().replace(',', '.').replace('−', '-'));
  const isNumber = text.trim() !== '' && Number.isFinite(number);
  return (
    <form
      className="lesson-number-answer"
      onSubmit={(event) => {
        event.preventDefault();
        if (isNumber) giveAnswer({ number });
      }}
    >
      <input
        className="lesson-number-input"
        aria-label="Your number"
        inputMode="decimal"
        autoComplete="off"
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <Button isDisabled={!isNumber} onPress={() => giveAnswer({ number })}>
        Answer
      </Button>
    </form>
  );
}
