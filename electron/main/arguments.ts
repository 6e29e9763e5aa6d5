import path from 'node:path';

/** What was written behind the program's name. Chromium's own switches stand among the words and are passed over. */
export interface Arguments {
  /** Files and folders to open, absolute. */
  readonly files: readonly string[];
  /** The folder in which new runs are made. */
  readonly runs: string | null;
  readonly userData: string | null;
  readonly firstLight: boolean;
  /** Starts although an app with the same user data runs. */
  readonly newInstance: boolean;
  readonly developerTools: boolean;
}

const ownFolders = ['--runs', '--user-data-dir'] as const;
/** Electron's own switches that are followed by a value. */
const electronPairs = ['-r', '--require'];

/**
 * @param argv as the process got it @param folder what relative paths start from @param hasAppFolder Electron was started
 * with the app's folder as its first word, as from a checkout
 */
export function readArguments(argv: readonly string[], folder: string, hasAppFolder: boolean): Arguments {
  const words = argv.slice(1);
  const files: string[] = [];
  const given = new Map<string, string>();
  const flags = new Set<string>();
  let appFolder = hasAppFolder;
  let onlyFiles = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const [name, value] = splitAtEquals(word);
    if (!onlyFiles && word === '--' && !appFolder) onlyFiles = true;
    else if (!onlyFiles && word.startsWith('-')) {
      if (electronPairs.includes(word)) at++;
      else if (!ownFolders.some((own) => own === name)) flags.add(word);
      else given.set(name, value ?? words[++at] ?? '');
    } else if (appFolder) appFolder = false;
    else if (word !== '') files.push(word);
  }
  const absolute = (name: (typeof ownFolders)[number]): string | null => {
    const found = given.get(name);
    return found ? path.resolve(folder, found) : null;
  };
  return {
    files: files.map((file) => path.resolve(folder, withoutScheme(file))),
    runs: absolute('--runs'),
    userData: absolute('--user-data-dir'),
    firstLight: !flags.has('--no-first-light'),
    newInstance: flags.has('--new-instance'),
    developerTools: flags.has('--devtools'),
  };
}

function splitAtEquals(word: string): readonly [name: string, value: string | null] {
  const at = word.indexOf('=');
  return at < 0 ? [word, null] : [word.slice(0, at), word.slice(at + 1)];
}

/** Desktops hand files over as addresses. */
function withoutScheme(file: string): string {
  if (!file.startsWith('file://')) return file;
  try {
    return decodeURIComponent(new URL(file).pathname);
  } catch {
    return file;
  }
}
