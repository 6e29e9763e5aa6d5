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

/** What the first page is told, and what a page that was loaded again. */
export function appInformation(firstLight: boolean, troubles: readonly string[]): () => AppInformation {
  let isFirst = true;
  return () => {
    const told: AppInformation = {
      version,
      ...runtimeInWords(process.versions),
      platform: process.platform as AppInformation['platform'],
      firstLight: isFirst && firstLight,
      recovered: isFirst && troubles.length > 0 ? troubles.join(' ') : null,
    };
    isFirst = false;
    return told;
  };
}
