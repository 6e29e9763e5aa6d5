import { useMemo, useState } from 'react';
import { differences, differenceText } from '../../core/experiment/differences.ts';
import type { Experiment } from '../../core/experiment/experiment.ts';
import { openRunFolder } from '../actions/file-actions.ts';
import { closeRun, continueRun } from '../actions/run-actions.ts';
import { forgetWaitingSeeds, useWaitingSeeds } from '../actions/seed-runs.ts';
import { perform } from '../state/history.ts';
import { useLandscapeFiles } from '../state/landscape-files.ts';
import { chooseRun, type Run, useRuns } from '../state/runs.ts';
import { openDialog } from '../state/session.ts';
import { useSettledRuns } from '../state/shown-run.ts';
import { Button, IconButton } from '../widgets/button.tsx';
import { Icon } from '../widgets/icon.tsx';
import { MenuButton } from '../widgets/menu-button.tsx';
import type { MenuEntry } from '../widgets/menu-items.tsx';
import { EmptyState, PanelHead } from '../widgets/section.tsx';
import { examinedText } from './experiment/examined-text.ts';
import { MoreSeeds } from './experiment/more-seeds.tsx';
import { OpenedLandscapes } from './experiment/opened-landscapes.tsx';
import { useRenaming } from './experiment/renaming.ts';
import { RunTitleField } from './experiment/run-title-field.tsx';
import { branchText, canContinue, stateWord } from './experiment/run-words.ts';
import './runs-panel.css';

/** The runs that are drawn on the same axes, and in what each differs from the one that is studied. */
export function RunsPanel() {
  const runs = useSettledRuns();
  const current = useRuns((state) => state.current);
  const waiting = useWaitingSeeds((state) => state.waiting);
  const [seedsOf, setSeedsOf] = useState<string | null>(null);
  const studied = runs.find(({ id }) => id === current) ?? null;
  const hasFiles = useLandscapeFiles(({ files }) => files.length > 0);
  const groups = useMemo(() => grouped(runs), [runs]);
  return (
    <section className="runs-panel" aria-label="Runs">
      <PanelHead title="Compare">
        <IconButton icon="folder" label="Open run…" size="small" onPress={() => void openRunFolder()} />
      </PanelHead>
      {runs.length === 0 && !hasFiles ? (
        <EmptyState sentence="No run is open." action={{ title: 'Open run…', onPress: () => void openRunFolder() }} />
      ) : (
        <div className="runs-panel-body">
          {groups.map(({ group, members }) => (
            <section key={group} aria-label={members.length > 1 ? `${members.length} seeds` : undefined}>
              {members.length > 1 ? <p className="runs-panel-group">{members.length} seeds: mean and range</p> : null}
              <ul className="runs-panel-list">
                {members.map((run) => (
                  <RunRow
                    key={run.id}
                    run={run}
                    studied={studied}
                    isCurrent={run.id === current}
                    onMoreSeeds={() => setSeedsOf(run.id)}
                  />
                ))}
              </ul>
              {members.some(({ id }) => id === seedsOf) ? (
                <MoreSeeds run={members.find(({ id }) => id === seedsOf) as Run} onClose={() => setSeedsOf(null)} />
              ) : null}
            </section>
          ))}
          <OpenedLandscapes />
          {waiting.map(({ group, title, seeds }) => (
            <p key={group} className="runs-panel-waiting">
              <span>
                {seeds.length === 1 ? 'Seed' : 'Seeds'} {seeds.join(', ')} of {title}{' '}
                {seeds.length === 1 ? 'waits' : 'wait'}.
              </span>
              <Button size="small" onPress={() => forgetWaitingSeeds(group)}>
                Cancel
              </Button>
            </p>
          ))}
        </div>
      )}
    </section>
  );
}

/** Runs that differ in their seed alone stand together, where the first of them stands. */
function grouped(runs: readonly Run[]): readonly { readonly group: string; readonly members: readonly Run[] }[] {
  const found = new Map<string, Run[]>();
  for (const run of runs) found.set(run.group, [...(found.get(run.group) ?? []), run]);
  return [...found].map(([group, members]) => ({ group, members }));
}

/** Of the run as it was loaded, else of its text. */
function experimentOf({ description, yaml }: Run): Experiment | null {
  return description?.experiment ?? (yaml === '' ? null : examinedText(yaml).experiment);
}

function comparison(run: Run, studied: Run | null): string {
  const [mine, theirs] = [experimentOf(run), studied && experimentOf(studied)];
  const changes = mine && theirs && run !== studied ? differences(theirs, mine) : [];
  const told = changes.slice(0, 3).map(differenceText);
  const more = changes.length > 3 ? [`${changes.length - 3} more`] : [];
  const own = run === studied && mine ? [`seed ${mine.seed}`] : [];
  const changedRate = run.series.events.some((event) => event.record === 'event' && event.event === 'learningRate');
  const rate = changedRate ? ['η changed'] : [];
  return [branchText(run), ...own, ...told, ...more, ...rate].filter((part) => part !== null).join(', ');
}

interface RunRowProps {
  readonly run: Run;
  readonly studied: Run | null;
  readonly isCurrent: boolean;
  readonly onMoreSeeds: () => void;
}

function RunRow({ run, studied, isCurrent, onMoreSeeds }: RunRowProps) {
  const { id, title, visible, colour, state } = run;
  const isRenamed = useRenaming((renaming) => renaming.run === id);
  const { word, icon } = stateWord(state);
  const show = (shown: boolean) =>
    perform(shown ? 'Show run' : 'Hide run', { edit: 'visibility', run: id, visible: shown });
  const entries: readonly MenuEntry[] = [
    { id: 'rename', title: 'Rename…', onAction: () => useRenaming.setState({ run: id }) },
    { id: 'seeds', title: 'Run with more seeds…', onAction: onMoreSeeds },
    {
      id: 'branch',
      title: 'Branch…',
      isDisabled: run.checkpoints.length === 0,
      onAction: () => openDialog('branch', { run: id }),
    },
    { id: 'continue', title: 'Continue', isDisabled: !canContinue(run), onAction: () => void continueRun(id) },
    { id: 'close', title: 'Close run', section: 'close', onAction: () => void closeRun(id) },
  ];
  return (
    <li className={`runs-panel-row${isCurrent ? ' runs-panel-current' : ''}${visible ? '' : ' runs-panel-hidden'}`}>
      <svg className="runs-panel-sample" width="18" height="10" viewBox="0 0 18 10" aria-hidden="true">
        <path
          d="M1 5h16"
          stroke={`var(--c-${colour + 1})`}
          strokeWidth={3}
          strokeDasharray={visible ? undefined : '3 3'}
        />
      </svg>
      {isRenamed ? (
        <RunTitleField run={run} />
      ) : (
        <Button
          variant="quiet"
          className="runs-panel-name"
          isPressed={isCurrent}
          onPress={() => chooseRun(id)}
          tooltip={isCurrent ? 'This run is studied' : 'Study this run'}
        >
          <span className="runs-panel-title">{title}</span>
          <span className="runs-panel-difference">
            <Icon name={icon} size={12} />
            {[word, comparison(run, studied)].filter(Boolean).join(', ')}
          </span>
        </Button>
      )}
      <IconButton
        icon={visible ? 'eye' : 'eye-off'}
        label={visible ? `Hide ${title}` : `Show ${title}`}
        size="small"
        onPress={() => show(!visible)}
      />
      <MenuButton label={`Actions of ${title}`} items={entries} />
    </li>
  );
}
