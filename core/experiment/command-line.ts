/** A word as a POSIX shell reads it back. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** The command that does this again, for figures and documents. */
export const commandLine = (words: readonly string[]): string => ['saddlescope', ...words].map(quoted).join(' ');
