import { isJsonObject, type Json, own } from '../../shared/domain/json.ts';

/** What tools send is a random text of some dozen characters. */
const CHALLENGE = /^[\x21-\x7e]{1,512}$/;

/** The text that a tool wants back before it posts anything: `?challenge=` or `?hub.challenge=` of a GET (WebSub and its kin). */
export function queryChallenge(query: URLSearchParams): string | undefined {
  const challenge = query.get('hub.challenge') ?? query.get('challenge');
  return challenge !== null && CHALLENGE.test(challenge) ? challenge : undefined;
}

/** The same in a body: `{"type": "url_verification", "challenge": "…"}`, or the challenge alone. */
export function bodyChallenge(body: Json): string | undefined {
  if (!isJsonObject(body)) return undefined;
  const challenge = own(body, 'challenge');
  const isAsked = own(body, 'type') === 'url_verification' || Object.keys(body).length === 1;
  return isAsked && typeof challenge === 'string' && CHALLENGE.test(challenge) ? challenge : undefined;
}
