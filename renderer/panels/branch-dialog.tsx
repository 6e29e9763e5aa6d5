export function BranchDialog() {
  return <section aria-label="BranchDialog" />;
}
