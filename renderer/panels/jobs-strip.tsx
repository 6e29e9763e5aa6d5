export function JobsStrip() {
  return <section aria-label="JobsStrip" />;
}
