export function TimePanel() {
  return <section aria-label="TimePanel" />;
}
