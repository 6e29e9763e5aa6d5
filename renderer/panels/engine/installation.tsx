import { useEffect, useRef } from 'react';
import type { EngineReport, EngineRow, EngineWish } from '../../../core/protocol/engines.ts';
import { cancelEngineChange, changeEngine } from '../../actions/engine-actions.ts';
import { type Engines, useEngines } from '../../state/engines.ts';
import { Badge } from '../../widgets/badge.tsx';
import { Button } from '../../widgets/button.tsx';
import { Icon } from '../../widgets/icon.tsx';
import { amountText, beginningText, engineTitle, megabytes, phaseText, usableEngine } from './engine-words.ts';

const wish = (from: 'download' | 'wheel', gpu = false): EngineWish => ({ kind: 'install', from, gpu });

/** What is installed with the ways to choose and remove it, or the way to install it, or how far that is. */
export function Installation({ report }: { readonly report: EngineReport }) {
  const { task, refused, done } = useEngines();
  const section = useRef<HTMLElement>(null);
  const wasBusy = useRef(false);
  useEffect(() => {
    // The button that had the focus is gone with what it began or ended.
    const isOver = wasBusy.current && task === null;
    if (isOver || (task !== null && task.wish.kind !== 'install')) section.current?.focus();
    wasBusy.current = task !== null;
  }, [task]);
  return (
    <section ref={section} tabIndex={-1} aria-label="TensorFlow" className="engine-installation">
      <h3>TensorFlow</h3>
      <ul className="engine-installation-list" aria-label="Installed">
        {report.engines.map((engine) => (
          <li key={engine.name}>
            <Installed engine={engine} isBusy={task !== null} />
          </li>
        ))}
      </ul>
      {task === null ? <Offer report={report} /> : <UnderWay task={task} />}
      {refused === null || task !== null ? null : <Refused {...refused} />}
      {done === null || task !== null ? null : (
        <p className="engine-installation-done">
          <Icon name="check" size={12} /> {done}
        </p>
      )}
    </section>
  );
}

function Installed({ engine, isBusy }: { readonly engine: EngineRow; readonly isBusy: boolean }) {
  const { name, active, usable, gpu, sizeBytes, checkedAt } = engine;
  return (
    <div className="engine-installation-row">
      <span>{engineTitle(engine)}</span>
      {active && usable ? <Badge kind="ok">in use</Badge> : null}
      {usable ? null : (
        <Badge kind="warn" sign="warn">
          of another version
        </Badge>
      )}
      <small>
        {megabytes(sizeBytes)}, checked {checkedAt.slice(0, 10)}
      </small>
      <span className="engine-installation-buttons">
        {usable ? null : (
          <Button size="small" isDisabled={isBusy} onPress={() => void changeEngine(wish('download', gpu))}>
            Install again
          </Button>
        )}
        {active || !usable ? null : (
          <Button size="small" isDisabled={isBusy} onPress={() => void changeEngine({ kind: 'use', name })}>
            Use
          </Button>
        )}
        <Button
          size="small"
          variant="quiet"
          isDisabled={isBusy}
          aria-label={`Remove ${engineTitle(engine)}`}
          onPress={() => void changeEngine({ kind: 'remove', name })}
        >
          Remove
        </Button>
      </span>
    </div>
  );
}

/** What can be installed here. */
function Offer({ report }: { readonly report: EngineReport }) {
  const { whyNoInstallation, hasGpu, engines } = report;
  const isInstalled = usableEngine(report) !== null;
  if (whyNoInstallation !== null) return <p className="engine-dialog-note">{whyNoInstallation}</p>;
  const offersGpu = hasGpu && !engines.some(({ gpu }) => gpu);
  return (
    <>
      {isInstalled ? null : (
        <p className="engine-dialog-note">
          TensorFlow’s own library computes natively, on all cores and in exact double precision too. pip fetches it; it
          is kept apart from any Python, checked before it is used, and removed without a trace.
        </p>
      )}
      <div className="engine-installation-offer">
        {isInstalled ? null : (
          <Button variant="primary" onPress={() => void changeEngine(wish('download'))}>
            Install TensorFlow (about 210 MB download, 620 MB on disk)
          </Button>
        )}
        {offersGpu ? (
          <Button onPress={() => void changeEngine(wish('download', true))}>Install for the GPU (several GB)</Button>
        ) : null}
        <Button size={isInstalled ? 'small' : 'normal'} onPress={() => void changeEngine(wish('wheel'))}>
          {isInstalled ? 'Install from a wheel…' : 'From a wheel…'}
        </Button>
      </div>
    </>
  );
}

function UnderWay({ task }: { readonly task: NonNullable<Engines['task']> }) {
  const { progress, cancelling, wish: given } = task;
  const isCounted = progress !== null && progress.unit === 'MB' && progress.total > 0;
  const stage = cancelling
    ? 'Being cancelled; nothing of it will be left'
    : progress
      ? phaseText(progress)
      : beginningText(given);
  return (
    <div className="engine-installation-progress">
      <span role="status">{stage}</span>
      <span className="numeral">{progress && !cancelling ? amountText(progress) : ''}</span>
      <progress
        aria-label="Installation"
        {...(isCounted ? { value: progress.done, max: progress.total } : { value: 0, max: 1 })}
      />
      {given.kind === 'install' ? (
        <Button size="small" autoFocus onPress={cancelEngineChange}>
          Cancel
        </Button>
      ) : null}
    </div>
  );
}

function Refused({ wish: given, failure }: NonNullable<Engines['refused']>) {
  return (
    <div className="engine-installation-refused" role="alert">
      <Icon name="warn" />
      <p>
        {failure.found} {failure.advice}
      </p>
      <Button size="small" onPress={() => void changeEngine(given)}>
        Try again
      </Button>
    </div>
  );
}
