import { isJsonObject, type Json, type JsonObject } from '../domain/json.ts';
import type { LibraryDefinition } from './library-code.ts';

type Fix = (definition: LibraryDefinition) => LibraryDefinition;
type Action = LibraryDefinition['actions'][string];
type Fields = NonNullable<NonNullable<LibraryDefinition['authentication']>['fields']>;

/**
 * Where a destination of the library counts on the platform that it was written for: a changed copy of its definition. What it does not offer is
 * a setting here.
 */
export const LIBRARY_FIXES: Readonly<Record<string, Fix>> = {
  friendbuy: oneTokenForEach,
  'nextdoor-conversions': asOurselves,
  responsys: keepAnswersHere,
  segment: sendToTrackingApi,
  'webhook-extensible': authoriseBySettings,
};

const SEGMENT_HOSTS = {
  'north-america': 'https://api.segment.io/v1/batch',
  europe: 'https://events.eu1.segmentapis.com/v1/batch',
} as const;

/** Its actions only compose a batch, which the platform would take on from there; nothing is sent. */
function sendToTrackingApi(definition: LibraryDefinition): LibraryDefinition {
  const region = {
    label: 'Region',
    description: 'Where the workspace is hosted.',
    type: 'string',
    choices: [
      { label: 'North America', value: 'north-america' },
      { label: 'Europe', value: 'europe' },
    ],
    default: 'north-america',
  };
  return withActions(withSettings(definition, { region } as unknown as Fields), (action) => ({
    ...action,
    perform: async (request, data) => {
      const composed: unknown = await action.perform(request, data);
      const url = data.settings['region'] === 'europe' ? SEGMENT_HOSTS.europe : SEGMENT_HOSTS['north-america'];
      return await request(url, { method: 'POST', json: composed });
    },
  }));
}

const FRIENDBUY_TOKEN_PATH = '/v1/authorization';

/**
 * It keeps one token for all who use it: whoever came second would have sent into the account of the first. Told that each token has ended, it
 * asks for its own each time, and takes what it got at once.
 */
function oneTokenForEach(definition: LibraryDefinition): LibraryDefinition {
  return withActions(definition, (action) => ({
    ...action,
    perform: (request, data) => {
      const asking: typeof request = async <Data>(url: string, options?: Parameters<typeof request>[1]) => {
        const response = await request<Data>(url, options);
        if (!url.endsWith(FRIENDBUY_TOKEN_PATH)) return response;
        return Object.assign(response, { data: { ...response.data, expires: '1970-01-01T00:00:00Z' } });
      };
      return action.perform(asking, data);
    },
  }));
}

/** With a write key it would send what the tool answers, persons' data included, to the platform's API. */
function keepAnswersHere(definition: LibraryDefinition): LibraryDefinition {
  const { authentication } = definition;
  const { segmentWriteKey: _key, segmentWriteKeyRegion: _region, ...fields } = authentication?.fields ?? {};
  return { ...definition, authentication: { ...authentication, fields } } as LibraryDefinition;
}

/** The one partner that its field allows is not us. */
function asOurselves(definition: LibraryDefinition): LibraryDefinition {
  return withActions(definition, (action) => {
    const partner = action.fields['partner_id'];
    if (partner === undefined) return action;
    const choices = [{ label: 'Tributary', value: 'tributary' }];
    return { ...action, fields: { ...action.fields, partner_id: { ...partner, choices, default: 'tributary' } } };
  });
}

/** How it is let in is what a screen of the platform would have asked; here they are settings. */
function authoriseBySettings(definition: LibraryDefinition): LibraryDefinition {
  const { authentication, extendRequest } = definition;
  const text = (label: string, description: string, type = 'string') => ({ label, description, type });
  const fields = {
    authType: {
      ...text('Authorisation', 'How requests are authorised.'),
      choices: [
        { label: 'None', value: 'none' },
        { label: 'Bearer token', value: 'bearer' },
        { label: 'OAuth client credentials', value: 'client-credentials' },
      ],
      default: 'none',
    },
    bearerToken: text('Bearer token', 'For the authorisation by a bearer token.', 'password'),
    clientId: text('Client ID', 'For client credentials.'),
    clientSecret: text('Client secret', 'For client credentials.', 'password'),
    tokenUrl: { ...text('Token URL', 'Where client credentials are exchanged for a token.'), format: 'uri' },
    scopes: text('Scopes', 'What the token is to be good for, as that URL wants it.'),
  };
  if (authentication?.scheme !== 'oauth2') return definition;
  const { refreshAccessToken } = authentication;
  const changed = withSettings(definition, fields as unknown as Fields);
  return {
    ...changed,
    authentication: {
      ...authentication,
      fields: { ...authentication.fields, ...fields } as unknown as typeof authentication.fields,
      ...(refreshAccessToken !== undefined && {
        refreshAccessToken: (request, data) =>
          refreshAccessToken(request, { ...data, settings: withDynamicAuth(data.settings) }),
      }),
    },
    ...(extendRequest !== undefined && {
      extendRequest: (data) => extendRequest({ ...data, settings: withDynamicAuth(data.settings) }),
    }),
  };
}

function withDynamicAuth(settings: JsonObject): JsonObject {
  const { authType, bearerToken = '', clientId = '', clientSecret = '', tokenUrl = '', scopes = '' } = settings;
  const oauth: Json =
    authType === 'client-credentials'
      ? { type: 'clientCred', clientId, clientSecret, refreshTokenServerUrl: tokenUrl, scopes }
      : { type: 'noAuth' };
  return { ...settings, dynamicAuthSettings: authType === 'bearer' ? { bearer: { bearerToken } } : { oauth } };
}

const withActions = (definition: LibraryDefinition, change: (action: Action) => Action): LibraryDefinition => ({
  ...definition,
  actions: Object.fromEntries(Object.entries(definition.actions).map(([key, action]) => [key, change(action)])),
});

function withSettings(definition: LibraryDefinition, more: Fields): LibraryDefinition {
  const { authentication } = definition;
  if (authentication === undefined || !isJsonObject(authentication.fields)) return definition;
  return { ...definition, authentication: { ...authentication, fields: { ...authentication.fields, ...more } } };
}
