import { EmptyState, PanelHead } from '../widgets/section.tsx';

export function SaddleSpectrumPanel() {
  return (
    <section className="saddle-panel" aria-label="Spectrum of a point">
      <PanelHead title="Spectrum of a point" />
      <EmptyState sentence="No search for critical points has been made yet." />
    </section>
  );
}
