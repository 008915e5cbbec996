import { type ApiClient, type ApiClientConfig, clientOver } from './client-over.ts';
import { HANDLED } from './operations.ts';

export type { ApiClient, ApiClientConfig } from './client-over.ts';

/** A client of all that the API has. */
export const apiClient = (config: ApiClientConfig): ApiClient => clientOver(HANDLED, config);
