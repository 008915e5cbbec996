import type { Person } from '../../../shared/domain/people.ts';
import type { PersonToken } from '../../../shared/ports/person-tokens.ts';
import { ApiFault } from '../http/api-fault.ts';
import type { ApiRequest } from '../http/request.ts';

/** What a person signed in with. Throws ApiFault 403 for API tokens: they are nobody. */
export function signedInWith({ bearer }: Pick<ApiRequest, 'bearer'>): {
  access: PersonToken;
  person: Person | undefined;
} {
  if (bearer?.kind === 'person') return bearer;
  throw new ApiFault(403, [
    {
      type: 'person-required',
      message: 'This is for people who signed in; an API token belongs to a workspace, not to a person.',
    },
  ]);
}

/** Who is signed in. Throws ApiFault 401 for people who have not told who they are. */
export function personOf(request: Pick<ApiRequest, 'bearer'>): Person {
  const { person } = signedInWith(request);
  if (person !== undefined) return person;
  throw new ApiFault(401, [
    { type: 'unknown-person', message: 'Nobody has signed in with this yet: POST /app-api/sign-in first.' },
  ]);
}

/** Whether it is the address of who owns the deployment. An empty setting is nobody's. */
export const ownsDeployment = ({ deps }: Pick<ApiRequest, 'deps'>, email: string): boolean =>
  deps.ownerEmail !== '' && deps.ownerEmail.trim().toLowerCase() === email;
