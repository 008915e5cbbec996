/** How something is made to send to a source. */
export type InstallText = {
  title: string;
  /** Of the text, for colouring: html, js, sh ... */
  language: string;
  /** With the places {{writeKey}}, {{trackingUrl}}, {{cdnUrl}}, {{sourceId}} and what follows from them; see `fillInstallText`. */
  text: string;
  /** The library that it installs, and the version that it was written for. Nothing where it needs none. */
  library?: { package: string; version: string };
  /**
   * Who has run it, as it stands here, against this product with that version: this repository's own tests, or a person, once. Nobody: the text follows
   * the library's own documentation and code, and what then arrives is the HTTP API's format.
   */
  ran: 'tests' | 'by hand' | 'nobody';
};

export type InstallPlaces = { writeKey: string; trackingUrl: string; cdnUrl: string; sourceId: string };

/** What a pixel carries: a call as the HTTP API has it, with the key in it. */
const PIXEL_EVENT = { anonymousId: 'reader-1', event: 'Email Opened', properties: { campaign: 'welcome' } };

/** The text with the places filled in. URLs are those of the deployment, without a slash at their ends. Runs in browsers, too: the app fills texts in. */
export function fillInstallText({ text }: Pick<InstallText, 'text'>, places: InstallPlaces): string {
  const pixel = JSON.stringify({ writeKey: places.writeKey, ...PIXEL_EVENT });
  const values: Record<string, string> = {
    ...places,
    trackingHost: new URL(places.trackingUrl).host,
    cdnHost: new URL(places.cdnUrl).host,
    pixelData: encodeURIComponent(btoa(pixel)),
  };
  return text.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? whole) : whole,
  );
}

/** What is said of it beside the text, in one sentence. */
export function ranSentence({ library, ran }: Pick<InstallText, 'library' | 'ran'>): string {
  const what = library === undefined ? 'this text' : `${library.package} ${library.version}`;
  if (ran === 'tests') return `Run with ${what} by the tests of this release.`;
  if (ran === 'by hand') return `Run with ${what} by hand, once.`;
  return `Not run by us with ${what}: it follows its documentation, and what it sends is the HTTP API's format.`;
}
