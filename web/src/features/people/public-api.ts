import { clientOver } from '../../../../shared/api/client-over.ts';
import { OPERATION_PATHS } from '../../api/operation-paths.ts';
import { appConfig } from '../../app/config.ts';

/** The client for operations that need nobody signed in: it sends no token. */
export const publicApi = () => clientOver(OPERATION_PATHS, { baseUrl: appConfig().apiUrl, token: () => '' });
