import { ApiError, ApiUnreachable } from '../../shared/api/api-error.ts';

/** Entries told of one answer. */
const ENTRIES_MAX = 20;

/** What a person is told about an answer that is no good, and what they can do; `undefined` for what is none. */
export function explained(error: unknown): string | undefined {
  if (error instanceof ApiUnreachable) {
    return `${error.message} (${error.asked}). Is the URL right, and the deployment up? "tributary doctor" looks at it.`;
  }
  if (!(error instanceof ApiError)) return undefined;
  const { status, entries, asked } = error;
  const [first] = entries;
  const said = entries
    .slice(0, ENTRIES_MAX)
    .map(({ field, message }) => (field === undefined || field === '' ? message : `${field}: ${message}`))
    .join('\n');
  if (first?.type === 'not-the-api') return `${said} (${asked})`;
  return `${said}\n${adviceFor(status, first?.type)} (${asked}, status ${status})`;
}

function adviceFor(status: number, type: string | undefined): string {
  if (type === 'insufficient-permission' || status === 403) {
    return 'Ask an owner of the workspace for a token with that right, or for the right itself.';
  }
  if (status === 401) return 'Sign in again: "tributary login --url URL", with a token that is live.';
  if (status === 404)
    return 'It may be of another workspace, or be gone: "tributary whoami" says which workspace this is.';
  if (status === 409) return 'Somebody else changed it, or it is used elsewhere: look at it, and do it again.';
  if (status === 413) return 'It is too large for one request: make it smaller.';
  if (status === 422 || status === 400) return 'Put the fields right that are named, and do it again.';
  if (status === 429) return 'There are more requests than the API takes: wait a minute, and do it again.';
  if (status === 501) return 'This deployment does not offer it; docs/api.md of its version says what is.';
  if (status >= 500) return 'The deployment failed. Do it again in a minute; its log has the cause.';
  return 'The API refused it.';
}
