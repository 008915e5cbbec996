import { Fn } from 'aws-cdk-lib';
import type { Settings } from '../settings.ts';
import type { DataStack } from './data-stack.ts';

/** The host of an origin, with the port where it has one (on one machine): what follows the two slashes. */
const hostOf = (origin: string): string => Fn.select(2, Fn.split('/', origin));

/** Where this deployment takes events: no target of what it sends itself. Comma-separated. */
export const ownHosts = ({ domain }: Settings, data: DataStack): string =>
  [domain, hostOf(data.trackingApi.apiEndpoint)].filter((host) => host !== undefined).join(',');
