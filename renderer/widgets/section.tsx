import { Fragment, type ReactNode, useContext } from 'react';
import { createPortal } from 'react-dom';
import { Button } from './button.tsx';
import { PanelSlotContext } from './panel-slot.ts';
import './section.css';

export interface PanelHeadProps {
  readonly title: ReactNode;
  /** A quiet remark after the title. */
  readonly note?: ReactNode;
  /** Controls right after the title. */
  readonly start?: ReactNode;
  /** Controls at the right end; one that grows may fill the row. */
  readonly children?: ReactNode;
}

/** The head of a panel, 32 px. In the dock the title is the panel's tab and the controls stand beside the tabs. */
export function PanelHead({ title, note, start, children }: PanelHeadProps) {
  const slot = useContext(PanelSlotContext);
  const controls = (
    <div className="panel-head-controls">
      {note === undefined ? null : <span className="panel-head-note">{note}</span>}
      {start === undefined ? null : <div className="panel-head-start">{start}</div>}
      <div className="panel-head-end">{children}</div>
    </div>
  );
  if (slot)
    return (
      <>
        {createPortal(title, slot.title)}
        {createPortal(controls, slot.controls)}
      </>
    );
  return (
    <header className="panel-head">
      <h2>{title}</h2>
      {controls}
    </header>
  );
}

export interface SectionProps {
  readonly title: ReactNode;
  /** At the right end of the title's row. */
  readonly aside?: ReactNode;
  readonly children?: ReactNode;
  readonly className?: string | undefined;
}

/** A part of a panel, divided from the next by a hairline. */
export function Section({ title, aside, children, className }: SectionProps) {
  return (
    <section className={`section${className ? ` ${className}` : ''}`}>
      <div className="section-head">
        <h3>{title}</h3>
        {aside === undefined ? null : <div className="section-aside">{aside}</div>}
      </div>
      {children}
    </section>
  );
}

/** Names left, values right. */
export function KeyValues({ rows }: { readonly rows: readonly (readonly [name: ReactNode, value: ReactNode])[] }) {
  return (
    <dl className="key-values">
      {rows.map(([name, value], i) => (
        <Fragment key={typeof name === 'string' ? name : `row ${i}`}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

export interface EmptyStateProps {
  readonly sentence: string;
  readonly action?: { readonly title: string; readonly onPress: () => void } | undefined;
}

/** Nothing to show yet: why, and the one thing to do. */
export function EmptyState({ sentence, action }: EmptyStateProps) {
  return (
    <div className="empty-state">
      <p>{sentence}</p>
      {action ? <Button onPress={action.onPress}>{action.title}</Button> : null}
    </div>
  );
}
