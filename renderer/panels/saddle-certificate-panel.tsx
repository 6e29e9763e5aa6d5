import { EmptyState, PanelHead } from '../widgets/section.tsx';

export function SaddleCertificatePanel() {
  return (
    <section className="saddle-panel" aria-label="Certificate">
      <PanelHead title="Certificate" />
      <EmptyState sentence="No search for critical points has been made yet." />
    </section>
  );
}
