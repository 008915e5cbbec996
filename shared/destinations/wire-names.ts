import type { WireName } from './destination-definition.ts';

const header = (at: string, theirs: string, ours = 'tributary'): WireName => ({ in: 'header', at, theirs, ours });
const body = (at: string, theirs: string, ours = 'tributary'): WireName => ({ in: 'body', at, theirs, ours });
const form = (at: string, theirs: string, ours = 'tributary'): WireName => ({ in: 'form', at, theirs, ours });
const query = (at: string, theirs: string, ours = 'tributary'): WireName => ({ in: 'query', at, theirs, ours });

const TIKTOK_PARTNER = body('partner_name', 'Segment', 'Tributary');
const AVO_NAMES = [
  body('[].libPlatform', 'Segment', 'Tributary'),
  body('[].appName', 'unnamed Segment app', 'unnamed app'),
];
const ANGLER_SOURCE = body('src', 'SEGMENT', 'TRIBUTARY');
const INSIDER_PLATFORM = body('platform', 'segment');

/**
 * Where the code of a destination tells the tool who sends, by slug. What belongs to the tool stays: its hosts, paths and parameters, keys of its
 * payloads, kinds of its own, and prefixes by which it tells events apart.
 */
export const WIRE_NAMES: Readonly<Record<string, readonly WireName[]>> = {
  airship: [body('[].body.properties.source', 'Segment', 'Tributary')],
  'algolia-insights': [
    header('x-algolia-agent', 'algolia-segment-action-destination: 0.1', 'algolia-tributary-destination: 0.1'),
  ],
  altertable: [
    body('payload.properties.$lib', 'altertable-segment', 'altertable-tributary'),
    body('properties.$lib', 'altertable-segment', 'altertable-tributary'),
  ],
  amplitude: [
    body('events[].library', 'segment'),
    form('identification.library', 'segment'),
    form('identification[].library', 'segment'),
  ],
  'angler-ai': [ANGLER_SOURCE],
  'app-fit': [body('eventSource', 'segment')],
  avo: AVO_NAMES,
  'avo-v2': AVO_NAMES,
  calliper: [{ ...body('events[].library_name', 'Segment: ', 'Tributary: '), isPrefix: true }],
  clevertap: [body('d[].source', 'Segment', 'Tributary')],
  devrev: [body('events_list[].payload.devrev_source_identifier', 'segment')],
  fullstory: [header('integration-source', 'segment'), query('integration', 'segment')],
  gameball: [header('x-gb-agent', 'GB/Segment', 'GB/Tributary')],
  hyperengage: [body('src', 'segment_api', 'tributary_api')],
  insider: [header('x-platform-name', 'segment'), INSIDER_PLATFORM, body('users[].platform', 'segment')],
  'insider-audiences': [INSIDER_PLATFORM],
  kevel: [header('x-adzerk-sdk-version', 'adzerk-segment-integration:v1.0', 'adzerk-tributary-integration:v1.0')],
  koala: [
    body('identifies[].context.source', 'segment-cloud', 'tributary-cloud'),
    body('events[].context.source', 'segment-cloud', 'tributary-cloud'),
  ],
  mixpanel: [
    body('[].properties.$source', 'segment'),
    { ...body('[].properties.mp_lib', 'Segment Actions: ', 'Tributary: '), isPrefix: true },
  ],
  'ms-bing-capi': [body('data[].dataProvider', 'SEGMENT', 'TRIBUTARY')],
  'optimizely-feature-experimentation': [body('client_name', 'Segment', 'Tributary')],
  'optimizely-web': [
    body('client_name', 'twilio_segment/optimizely_web_destination', 'tributary/optimizely_web_destination'),
  ],
  'pinterest-conversions': [body('data[].partner_name', 'ss-segment', 'ss-tributary')],
  postscript: [
    body('type', 'Segment_Audience_Entered', 'Tributary_Audience_Entered'),
    body('type', 'Segment_Audience_Exited', 'Tributary_Audience_Exited'),
  ],
  qualtrics: [header('internal-service', 'segment-destination', 'tributary-destination')],
  'reddit-conversions-api': [body('partner', 'SEGMENT', 'TRIBUTARY')],
  taboola: [body('integration_source', 'segment.com')],
  'tiktok-app-events': [TIKTOK_PARTNER],
  'tiktok-conversions': [TIKTOK_PARTNER],
  'tiktok-offline-conversions': [TIKTOK_PARTNER],
  'twilio-studio': [form('Parameters.source', 'studio_segment_destination', 'studio_tributary_destination')],
  usermaven: [
    body('[].src', 'usermaven-segment', 'usermaven-tributary'),
    body('src', 'usermaven-segment', 'usermaven-tributary'),
  ],
  usermotion: [header('x-source', 'Segment', 'Tributary')],
  vwo: [
    body('d.event.props.vwoMeta.source', 'segment.cloud', 'tributary.cloud'),
    body('d.event.props.integration', 'segment'),
  ],
};
