import './file-notes.css';

/** Everything that is known to be unusual about a file and what was done about it, one sentence a line. */
export function FileNotes({ sentences }: { readonly sentences: readonly string[] }) {
  if (sentences.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <ul className="file-notes" aria-label="What is unusual about this file" tabIndex={0}>
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}
