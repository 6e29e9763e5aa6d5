import { EmptyState, PanelHead } from '../widgets/section.tsx';

export function SaddleScenePanel() {
  return (
    <section className="saddle-panel" aria-label="Slice through a point">
      <PanelHead title="Slice through a point" />
      <EmptyState sentence="No search for critical points has been made yet." />
    </section>
  );
}
