import { EmptyState, PanelHead } from '../widgets/section.tsx';

export function SaddlePointsPanel() {
  return (
    <section className="saddle-panel" aria-label="Points">
      <PanelHead title="Points" />
      <EmptyState sentence="No search for critical points has been made yet." />
    </section>
  );
}
