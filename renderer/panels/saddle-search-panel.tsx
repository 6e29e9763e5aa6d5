import { EmptyState, PanelHead } from '../widgets/section.tsx';

export function SaddleSearchPanel() {
  return (
    <section className="saddle-panel" aria-label="Search">
      <PanelHead title="Search" />
      <EmptyState sentence="No search for critical points has been made yet." />
    </section>
  );
}
