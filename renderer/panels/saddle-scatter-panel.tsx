import { EmptyState, PanelHead } from '../widgets/section.tsx';

export function SaddleScatterPanel() {
  return (
    <section className="saddle-panel" aria-label="Index and loss">
      <PanelHead title="Index and loss" />
      <EmptyState sentence="No search for critical points has been made yet." />
    </section>
  );
}
