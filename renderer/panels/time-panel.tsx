import { useEffect, useRef, useState } from 'react';
import { exportFigure } from '../actions/figure-actions.ts';
import { chartDefinitions, chartIds } from '../charts/chart-definitions.ts';
import { LiveChart } from '../charts/live-chart.tsx';
import { NumbersDialog } from '../charts/numbers-dialog.tsx';
import { TimeSlider } from '../charts/time-slider.tsx';
import { ChartFigureMenu } from '../figures/figure-menu.tsx';
import { sourceOf } from '../figures/figure-of.ts';
import { changeSettings } from '../state/history.ts';
import { currentRun, useRuns } from '../state/runs.ts';
import { type ChartId, useSettings } from '../state/settings.ts';
import { setCursor, stepLookedAt, useTime, zoomTo } from '../state/time.ts';
import { Button } from '../widgets/button.tsx';
import { MenuButton } from '../widgets/menu-button.tsx';
import type { MenuEntry } from '../widgets/menu-items.tsx';
import { EmptyState, PanelHead } from '../widgets/section.tsx';
import { toggleChart, toggleLog } from './time/chart-choice.ts';
import './time-panel.css';

/** A chart narrower than this cannot be read: then they stand in one column. */
const narrowest = 420;

/** The charts of the runs that are shown, over one step axis with one cursor. */
export function TimePanel() {
  const charts = useSettings((settings) => settings.charts);
  const current = useRuns((runs) => runs.current);
  const [numbersOpen, setNumbersOpen] = useState(false);
  return (
    <section className="time-panel" aria-label="Time">
      <PanelHead title="Time" note="one step axis, one cursor">
        <TimeSlider />
        <FollowButton />
        <TimeMenu onNumbers={() => setNumbersOpen(true)} />
      </PanelHead>
      {charts.length === 0 ? (
        <EmptyState
          sentence="No chart is shown."
          action={{ title: 'Show the loss', onPress: () => changeSettings('show Loss', { charts: ['loss'] }) }}
        />
      ) : (
        <Charts charts={charts} run={current} />
      )}
      {numbersOpen ? <NumbersDialog charts={charts} onClose={() => setNumbersOpen(false)} /> : null}
    </section>
  );
}

function Charts({ charts, run }: { readonly charts: readonly ChartId[]; readonly run: string | null }) {
  const grid = useRef<HTMLDivElement>(null);
  const [columns, setColumns] = useState(2);
  const logCharts = useSettings((settings) => settings.logCharts);
  useEffect(() => {
    if (!grid.current) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setColumns(entry.contentRect.width < 2 * narrowest ? 1 : 2);
    });
    observer.observe(grid.current);
    return () => observer.disconnect();
  }, []);
  const shown = Math.min(columns, charts.length);
  // The row with the numbers of the step axis is higher by as much as they need.
  const above = Math.ceil(charts.length / shown) - 1;
  const gridTemplateRows = `${above > 0 ? `repeat(${above}, minmax(96px, 1fr)) ` : ''}minmax(126px, 1.2fr)`;
  return (
    <div className={`time-panel-charts time-panel-columns-${shown}`} ref={grid} style={{ gridTemplateRows }}>
      {charts.map((chart, i) => {
        const isLast = i + shown >= charts.length;
        const drawing = <LiveChart chart={chart} log={logCharts.includes(chart)} numbered={isLast} />;
        return (
          <div className="time-panel-cell" key={chart}>
            {run === null ? (
              drawing
            ) : (
              <ChartFigureMenu run={run} id={chart}>
                {drawing}
              </ChartFigureMenu>
            )}
          </div>
        );
      })}
      {charts.length % shown === 0 ? null : <div className="time-panel-cell" />}
    </div>
  );
}

function FollowButton() {
  const isFollowing = useTime(({ cursor }) => cursor === null);
  return (
    <Button
      size="small"
      isPressed={isFollowing}
      tooltip="Keep the cursor at the newest step"
      onPress={() => setCursor(isFollowing ? stepLookedAt(useTime.getState(), currentRun()) : null)}
    >
      Follow run
    </Button>
  );
}

function TimeMenu({ onNumbers }: { readonly onNumbers: () => void }) {
  const charts = useSettings((settings) => settings.charts);
  const logCharts = useSettings((settings) => settings.logCharts);
  const current = useRuns((runs) => runs.current);
  const items: MenuEntry[] = [
    ...chartIds.map((chart) => ({
      id: `show-${chart}`,
      title: chartDefinitions[chart].title,
      section: 'show',
      isChecked: charts.includes(chart),
      onAction: () => toggleChart(chart),
    })),
    ...charts
      .filter((chart) => chart !== 'density')
      .map((chart) => ({
        id: `log-${chart}`,
        title: `${chartDefinitions[chart].title} on a logarithmic axis`,
        section: 'log',
        isChecked: logCharts.includes(chart),
        onAction: () => toggleLog(chart),
      })),
    { id: 'all', title: 'Show all steps', section: 'more', keys: 'Home', onAction: () => zoomTo(null) },
    { id: 'numbers', title: 'Show numbers…', section: 'more', onAction: onNumbers },
    ...(current === null
      ? []
      : charts.map((chart) => ({
          id: `save-${chart}`,
          title: `Save ${chartDefinitions[chart].noun} as SVG`,
          section: 'save',
          onAction: () => void exportFigure(sourceOf(current, chart), 'svg'),
        }))),
  ];
  return <MenuButton label="Charts" items={items} />;
}
