import { chartDefinitions, chartIds } from '../../charts/chart-definitions.ts';
import { changeSettings } from '../../state/history.ts';
import { type ChartId, useSettings } from '../../state/settings.ts';

/** Shows a chart at its place among the others, or takes it away. */
export function toggleChart(chart: ChartId): void {
  const { charts } = useSettings.getState();
  const isShown = charts.includes(chart);
  const { title } = chartDefinitions[chart];
  changeSettings(`${isShown ? 'hide' : 'show'} ${title}`, {
    charts: isShown ? charts.filter((id) => id !== chart) : placed(charts, chart),
  });
}

/** The others keep the order they have. */
function placed(charts: readonly ChartId[], chart: ChartId): readonly ChartId[] {
  const rank = (id: ChartId) => chartIds.indexOf(id);
  const at = charts.findIndex((other) => rank(other) > rank(chart));
  return at < 0 ? [...charts, chart] : [...charts.slice(0, at), chart, ...charts.slice(at)];
}

export function toggleLog(chart: ChartId): void {
  const { logCharts } = useSettings.getState();
  const isLog = logCharts.includes(chart);
  changeSettings(`${chartDefinitions[chart].title} on a ${isLog ? 'linear' : 'logarithmic'} axis`, {
    logCharts: isLog ? logCharts.filter((id) => id !== chart) : [...logCharts, chart],
  });
}
