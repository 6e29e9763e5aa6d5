export function MapPanel() {
  return <section aria-label="MapPanel" />;
}
