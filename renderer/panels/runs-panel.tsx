export function RunsPanel() {
  return <section aria-label="RunsPanel" />;
}
