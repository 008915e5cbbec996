import type { ApiClient } from '../../../shared/api/client.ts';
import { inParallel } from '../../../shared/aws/in-parallel.ts';
import { RIGHTS, type Right } from '../../../shared/domain/access.ts';

/** Questions under way at once. */
const ASKED_AT_ONCE = 6;

/** What the bearer of the token may do in the workspace as a whole. */
export async function rightsOf(client: ApiClient): Promise<Right[]> {
  const answers = await inParallel(RIGHTS, ASKED_AT_ONCE, async (right) => {
    const { allowed } = await client.call('getAccess', { query: { right } });
    return allowed ? [right] : [];
  });
  return answers.flat();
}
