import type { AppInformation } from '../../core/protocol/bridge.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { version } from '../host/version.ts';

const major = (text: string | undefined): number => Number(/\d+/.exec(text ?? '')?.[0] ?? 0);

/** Of the versions that run here; supported is the major release that package.json names, and what comes after it. */
export function runtimeInWords({ electron, chrome, node }: Readonly<Record<string, string | undefined>>) {
  return {
    runtime: `Electron ${electron} (Chromium ${major(chrome)}, Node ${node})`,
    runtimeSupported: major(electron) >= major(packageJson.devDependencies.electron),
  };
}

export interface Information {
  /** Once told, the first light and what went wrong are not told again. */
  read(): AppInformation;
  /** What is to be told to the page that asks next, in a sentence. */
  tell(trouble: string): void;
}

export function appInformation(isFirstLight: boolean, troubles: readonly string[]): Information {
  let firstLight = isFirstLight;
  let untold = [...troubles];
  return {
    read() {
      const told: AppInformation = {
        version,
        ...runtimeInWords(process.versions),
        platform: process.platform as AppInformation['platform'],
        firstLight,
        recovered: untold.length > 0 ? untold.join(' ') : null,
      };
      firstLight = false;
      untold = [];
      return told;
    },
    tell(trouble) {
      if (!untold.includes(trouble)) untold.push(trouble);
    },
  };
}
