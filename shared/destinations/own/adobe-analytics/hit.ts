import { type Json, type JsonObject, own } from '../../../domain/json.ts';
import { rejected } from '../discard-error.ts';
import { objectOf, textOf } from '../payload-values.ts';
import { cutBytes, isElementName, type XmlElement, xmlDocument } from '../xml.ts';
import { broughtEvents, type Merchandising, merchandisingEvents, merchandisingOf } from './events.ts';
import { type ProductIdentifier, productsOf, productsString } from './products.ts';
import { sourceValue, variableElements, type VariableSource } from './variables.ts';

/** Bytes that Adobe keeps of each; what is longer is cut here, between two characters, instead of there. */
const BYTES_MAX: Readonly<Record<string, number>> = {
  pageName: 100,
  pageURL: 255,
  referrer: 255,
  channel: 100,
  campaign: 255,
  server: 100,
  state: 50,
  zip: 50,
  linkName: 100,
  linkURL: 255,
  transactionID: 100,
};
/** A value of context data becomes an eVar or a prop by a processing rule: no more of it is ever kept. */
const CONTEXT_VALUE_BYTES_MAX = 255;
/** Adobe's bound for a visitor ID. */
const VISITOR_ID_CHARS_MAX = 100;
/** Steps of a key of context data, each of which becomes an element. */
const CONTEXT_KEY_STEPS_MAX = 10;
const LINK_TYPES: ReadonlySet<string> = new Set(['o', 'd', 'e']);

export type Hit = {
  settings: JsonObject;
  /** Fields of the action, as the mapping gave them. */
  payload: JsonObject;
  kind: 'page' | 'link';
  /** Adobe's events that the event's name is mapped to. */
  events: readonly string[];
};

/** The body of a request for one event. Throws a DiscardError where Adobe would not take it, or where a setting cannot be read. */
export function hitXml({ settings, payload, kind, events }: Hit): string {
  const event = textOf(own(payload, 'event'));
  const source: VariableSource = {
    ...(event !== undefined && { event }),
    properties: objectOf(own(payload, 'properties')),
    context: objectOf(own(payload, 'context')),
  };
  const merchandising = merchandisingOf(objectOf(own(settings, 'merchEvents')), event);
  const delimiters = objectOf(own(settings, 'customDelimiter'));
  const variables = (['eVars', 'props', 'hVars', 'lVars'] as const).flatMap((each) =>
    variableElements(each, objectOf(own(settings, each)), delimiters, source),
  );
  return xmlDocument([
    'request',
    [
      ['scXmlVer', '1.0'],
      ['reportSuiteID', reportSuites(settings)],
      ...visitorElements(settings, payload),
      ...pageElements(payload, kind),
      ...eventElements(payload, events, merchandising, source),
      ...productElements(settings, payload, merchandising, source),
      ...orderElements(payload, events),
      ...variables,
      ...contextElements(settings, source),
    ],
  ]);
}

/** Adobe wants no blanks between them. */
const reportSuites = (settings: JsonObject): string =>
  (textOf(own(settings, 'reportSuiteId')) ?? '')
    .split(',')
    .map((suite) => suite.trim())
    .filter((suite) => suite !== '')
    .join(',');

/** An element for a field that has text, cut to what Adobe keeps. */
function element(name: string, value: Json | undefined): XmlElement[] {
  const text = textOf(value);
  if (text === undefined) return [];
  const bytesMax = BYTES_MAX[name];
  return [[name, bytesMax === undefined ? text : cutBytes(text, bytesMax)]];
}

function visitorElements(settings: JsonObject, payload: JsonObject): XmlElement[] {
  const cloudId = textOf(own(payload, 'marketingCloudVisitorId'));
  const ip = textOf(own(payload, 'ipAddress'));
  const { sendsTimestamp, sendsVisitorId } = timeAndVisitor(settings);
  const visitorId = sendsVisitorId ? visitorIdOf(settings, payload, cloudId) : undefined;
  if (visitorId === undefined && cloudId === undefined && ip === undefined) {
    throw rejected('Adobe needs a visitor ID, an Experience Cloud ID or an IP address, and the event has none to send');
  }
  return [
    ...element('visitorID', visitorId),
    ...element('marketingCloudVisitorID', cloudId),
    ...(cloudId === undefined ? [] : element('marketingCloudOrgId', own(settings, 'marketingCloudOrgId'))),
    ...element('ipAddress', ip),
    ...element('userAgent', own(payload, 'userAgent')),
    ...element('language', own(payload, 'language')),
    ...(sendsTimestamp ? element('timestamp', seconds(own(payload, 'timestamp'))) : []),
  ];
}

/** Adobe takes a visitor ID in a hit with a timestamp only where the report suite is hybrid. */
function timeAndVisitor(settings: JsonObject): { sendsTimestamp: boolean; sendsVisitorId: boolean } {
  const option = own(settings, 'timestampOption') ?? 'disabled';
  const isDropped = own(settings, 'disableVisitorId') === true;
  if (option === 'disabled') return { sendsTimestamp: false, sendsVisitorId: !isDropped };
  if (option === 'enabled') return { sendsTimestamp: true, sendsVisitorId: false };
  const isBoth = own(settings, 'sendBothTimestampVisitorId') === true;
  const isVisitorFirst = own(settings, 'preferVisitorId') === true && !isDropped;
  return { sendsTimestamp: isBoth || !isVisitorFirst, sendsVisitorId: (isBoth || isVisitorFirst) && !isDropped };
}

function visitorIdOf(settings: JsonObject, payload: JsonObject, cloudId: string | undefined): string | undefined {
  const hasNoFallback = own(settings, 'removeFallbackVisitorId') === true && cloudId !== undefined;
  const id = textOf(own(payload, 'visitorId')) ?? (hasNoFallback ? undefined : textOf(own(payload, 'userId')));
  // Cut, two visitors could become one.
  if (id !== undefined && id.length > VISITOR_ID_CHARS_MAX) {
    throw rejected(`The visitor ID has ${id.length} characters, and Adobe takes ${VISITOR_ID_CHARS_MAX}`);
  }
  return id;
}

/** ISO 8601 without fractions, as Adobe reads it. What is no time is left out. */
function seconds(value: Json | undefined): string | undefined {
  const time = typeof value === 'string' || typeof value === 'number' ? new Date(value) : new Date(Number.NaN);
  return Number.isNaN(time.getTime()) ? undefined : `${time.toISOString().slice(0, 19)}Z`;
}

function pageElements(payload: JsonObject, kind: Hit['kind']): XmlElement[] {
  const page = [
    ...element('pageName', own(payload, 'pageName')),
    ...element('pageURL', own(payload, 'pageUrl')),
    ...element('referrer', own(payload, 'referrer')),
    ...element('channel', own(payload, 'channel')),
    ...element('campaign', own(payload, 'campaign')),
    ...element('server', own(payload, 'server')),
    ...element('state', own(payload, 'state')),
    ...element('zip', own(payload, 'zip')),
  ];
  if (kind === 'page') {
    if (!page.some(([name]) => name === 'pageName' || name === 'pageURL')) {
      throw rejected('Adobe needs the name or the URL of the page, and the event has neither');
    }
    return page;
  }
  const type = textOf(own(payload, 'linkType'))?.toLowerCase() ?? 'o';
  return [
    ...page,
    ['linkType', LINK_TYPES.has(type) ? type : 'o'],
    ...element('linkURL', textOf(own(payload, 'linkUrl')) ?? 'No linkUrl provided'),
    ...element('linkName', textOf(own(payload, 'linkName')) ?? 'No linkName provided'),
  ];
}

function eventElements(
  payload: JsonObject,
  mapped: readonly string[],
  merchandising: Merchandising,
  source: VariableSource,
): XmlElement[] {
  const brought = own(payload, 'events');
  const names = [
    ...mapped,
    ...broughtEvents(Array.isArray(brought) ? brought : []),
    ...merchandisingEvents(merchandising, source),
  ];
  return names.length === 0 ? [] : [['events', [...new Set(names)].join(',')]];
}

function productElements(
  settings: JsonObject,
  payload: JsonObject,
  merchandising: Merchandising,
  source: VariableSource,
): XmlElement[] {
  const products = productsOf(own(payload, 'products'), source);
  const identifier = (own(settings, 'productIdentifier') ?? 'name') as ProductIdentifier;
  const currency = textOf(own(payload, 'currencyCode')) ?? '';
  return [
    ...(/^[A-Za-z]{3}$/.test(currency) ? element('currencyCode', currency.toUpperCase()) : []),
    ...(products.length === 0 ? [] : element('products', productsString(products, identifier, merchandising, source))),
  ];
}

function orderElements(payload: JsonObject, events: readonly string[]): XmlElement[] {
  if (!events.includes('purchase')) return [];
  const order = own(payload, 'orderId');
  return [...element('purchaseID', order), ...element('transactionID', order)];
}

/** Context data: the keys of the setting, and the properties themselves. Dots in a key nest, as Adobe's own keys do. */
function contextElements(settings: JsonObject, source: VariableSource): XmlElement[] {
  const entries = new Map<string, string>();
  if (own(settings, 'sendPropertiesAsContextData') !== false) {
    for (const [key, value] of Object.entries(source.properties)) {
      const text = textOf(value);
      if (text !== undefined) entries.set(key, text);
    }
  }
  for (const [key, target] of Object.entries(objectOf(own(settings, 'contextValues')))) {
    const text = textOf(sourceValue(source, key));
    const name = textOf(target);
    if (text !== undefined && name !== undefined) entries.set(name, text);
  }
  const elements = [...entries].flatMap(([key, text]) => contextElement(key, text) ?? []);
  return elements.length === 0 ? [] : [['contextData', elements]];
}

/** A key that cannot name an element is left out: it is a property's name, and anybody may have written it. */
function contextElement(key: string, text: string): XmlElement[] | undefined {
  const steps = key.split('.');
  if (steps.length > CONTEXT_KEY_STEPS_MAX || !steps.every(isElementName)) return undefined;
  const value: string = cutBytes(text, CONTEXT_VALUE_BYTES_MAX);
  return [
    steps.reduceRight<XmlElement | string>(
      (inner, step) => [step, typeof inner === 'string' ? inner : [inner]],
      value,
    ) as XmlElement,
  ];
}
