import type { ReactNode } from 'react';
import type { Status } from '../../core/linalg/result.ts';
import { Icon, type IconName } from './icon.tsx';
import './badge.css';

export type BadgeKind = 'ok' | 'warn' | 'bad' | 'info';

export interface BadgeProps {
  readonly kind: BadgeKind;
  /** Instead of the sign of its kind; null for none. */
  readonly sign?: IconName | null;
  readonly children: ReactNode;
  /** A sentence shown when the badge is pointed at. */
  readonly title?: string | undefined;
}

const signs: Readonly<Record<BadgeKind, IconName | null>> = { ok: 'check', warn: 'open', bad: 'cross', info: null };

/** A word with a sign, so that the colour is never all there is. */
export function Badge({ kind, sign = signs[kind], children, title }: BadgeProps) {
  return (
    <span className={`badge badge-${kind}`} title={title}>
      {sign === null ? null : <Icon name={sign} size={12} />}
      {children}
    </span>
  );
}

const statuses: Readonly<Record<Status, { readonly kind: BadgeKind; readonly sign: IconName | null; word: string }>> = {
  converged: { kind: 'ok', sign: 'check', word: 'converged' },
  invariantSubspace: { kind: 'ok', sign: 'check', word: 'exact, space closed' },
  budgetSpent: { kind: 'warn', sign: 'open', word: 'not converged' },
  stagnated: { kind: 'warn', sign: 'approx', word: 'at the floor' },
  cancelled: { kind: 'info', sign: 'stop', word: 'cancelled' },
  diverged: { kind: 'bad', sign: 'cross', word: 'diverged' },
  notFinite: { kind: 'bad', sign: 'cross', word: 'not a number' },
  notSymmetric: { kind: 'bad', sign: 'cross', word: 'not symmetric' },
};

export const statusWord = (status: Status): string => statuses[status].word;

export interface StatusBadgeProps {
  readonly status: Status;
  /** What it means and what to do, when it is pointed at. */
  readonly advice?: string | undefined;
}

export function StatusBadge({ status, advice }: StatusBadgeProps) {
  const { kind, sign, word } = statuses[status];
  return (
    <Badge kind={kind} sign={sign} title={advice}>
      {word}
    </Badge>
  );
}
