export function AnalysisDialog() {
  return <section aria-label="AnalysisDialog" />;
}
