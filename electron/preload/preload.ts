import { contextBridge } from 'electron';
import { bridgeName } from '../../core/protocol/bridge.ts';

contextBridge.exposeInMainWorld(bridgeName, {});
