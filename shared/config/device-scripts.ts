/** What the build must know of a type of destination that browsers feed; all else is in shared/destinations/device-modes.ts. */
export type DeviceScript = {
  /** The type's slug. */
  slug: string;
  /** The npm package with its code for browsers. */
  package: string;
  /** What its script defines in the page: a function of the settings that gives plugins. */
  libraryName: string;
};

export const BRAZE_WEB: DeviceScript = {
  slug: 'braze-web',
  package: '@segment/analytics-browser-actions-braze',
  libraryName: 'tributaryBrazeWeb',
};

/** Of each a script is built and served. */
export const DEVICE_SCRIPTS: readonly DeviceScript[] = [BRAZE_WEB];
