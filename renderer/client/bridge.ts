import { type Bridge, bridgeName } from '../../core/protocol/bridge.ts';

/** The only way from the page to the main process. */
export const bridge = (window as unknown as Readonly<Record<string, Bridge>>)[bridgeName] as Bridge;
