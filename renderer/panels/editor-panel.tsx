export function EditorPanel() {
  return <section aria-label="EditorPanel" />;
}
