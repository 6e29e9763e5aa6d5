export function ExperimentPanel() {
  return <section aria-label="ExperimentPanel" />;
}
