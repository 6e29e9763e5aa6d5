export interface ElectronRuntime {
  readonly program: string;
  readonly version: string;
  readonly supported: boolean;
}
export function ensureElectron(): ElectronRuntime | null;
export function runtimeLine(runtime: ElectronRuntime): string;
