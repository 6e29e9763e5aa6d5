export function SpectrumPanel() {
  return <section aria-label="SpectrumPanel" />;
}
