export function LandscapePanel() {
  return <section aria-label="LandscapePanel" />;
}
