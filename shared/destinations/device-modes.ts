import { BRAZE_WEB, type DeviceScript } from '../config/device-scripts.ts';
import { EVENT_TYPES, type EventType } from '../domain/event.ts';

/** A type of destination whose tool a browser can feed by itself (B09). */
export type DeviceMode = DeviceScript & {
  /**
   * Under which Analytics.js knows it: in `remotePlugins`, in routing rules and plans, in an event's `integrations` object, and in `_metadata.bundled`.
   * The name of its library, so that tracking code which exists goes on working.
   */
  name: string;
  description: string;
  categories: readonly string[];
  /** Names that mean it in an event's `integrations` object, `name` first. */
  integrationNames: readonly string[];
  supportedTypes: readonly EventType[];
  /** Settings that the page gets, and everybody who asks with the write key: no secret may be among them. */
  settings: readonly string[];
};

/**
 * All that browsers may run. Whatever is not here is cloud-only, and shown so: of the library's browser destinations only Braze's is published
 * apart from the library (docs/decisions/018).
 */
export const DEVICE_MODES: readonly DeviceMode[] = [
  {
    ...BRAZE_WEB,
    name: 'Braze Web Mode (Actions)',
    description: 'Messages to customers, by the SDK of Braze in the visitor’s browser.',
    categories: ['SMS & Push Notifications', 'Email Marketing'],
    integrationNames: ['Braze Web Mode (Actions)', 'Braze Web Device Mode (Actions)', 'actions-braze-web'],
    supportedTypes: EVENT_TYPES.filter((type) => type !== 'screen'),
    settings: [
      'sdkVersion',
      'api_key',
      'endpoint',
      'allowCrawlerActivity',
      'allowUserSuppliedJavascript',
      'deferUntilIdentified',
      'appVersion',
      'contentSecurityNonce',
      'devicePropertyAllowlist',
      'disablePushTokenMaintenance',
      'doNotLoadFontAwesome',
      'enableLogging',
      'enableSdkAuthentication',
      'inAppMessageZIndex',
      'localization',
      'automaticallyDisplayMessages',
      'manageServiceWorkerExternally',
      'minimumIntervalBetweenTriggerActionsInSeconds',
      'noCookies',
      'openCardsInNewTab',
      'openInAppMessagesInNewTab',
      'requireExplicitInAppMessageDismissal',
      'safariWebsitePushId',
      'serviceWorkerLocation',
      'sessionTimeoutInSeconds',
    ],
  },
];

const bySlug = new Map(DEVICE_MODES.map((mode) => [mode.slug, mode]));

/** `undefined`: the type is cloud-only. Of a type that is here nothing is sent from here: no server has its code. */
export const findDeviceMode = (slug: string): DeviceMode | undefined => bySlug.get(slug);
