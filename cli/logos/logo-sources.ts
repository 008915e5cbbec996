/** The packages that marks are taken from, and the version that was looked at. Not dependencies: what is taken is committed. */
export const LOGO_PACKAGES = {
  'simple-icons': '16.37.0',
  '@iconify-json/logos': '1.2.19',
  '@thesvg/icons': '3.3.8',
} as const;
export type LogoPackage = keyof typeof LOGO_PACKAGES;

/**
 * Where the mark of each comes from, one a line: slugs of destinations or sources | package | its name there. Each was looked at: a tool that only
 * shares its name with another's mark (Batch, Canvas, Launchpad, Voyage) has none, and gets a monogram.
 */
const LINES = `
amplitude, amplitude-cohorts | @iconify-json/logos | amplitude-icon
appcues | @thesvg/icons | appcues
attio | @thesvg/icons | attio
adobe-analytics, adobe-target | @iconify-json/logos | adobe-icon
algolia-insights | simple-icons | algolia
braze, braze-web | @iconify-json/logos | braze-icon
chartmogul | simple-icons | chartmogul
close | @iconify-json/logos | close
contentstack | simple-icons | contentstack
customerio | @iconify-json/logos | customerio-icon
drip | @iconify-json/logos | drip
facebook-custom-audiences | @iconify-json/logos | meta-icon
fullstory | @thesvg/icons | fullstory
google-analytics-4 | @iconify-json/logos | google-analytics
heap | @iconify-json/logos | heap-icon
hubspot | simple-icons | hubspot
intercom | @iconify-json/logos | intercom-icon
launchdarkly, launchdarkly-audiences | @iconify-json/logos | launchdarkly-icon
loops | simple-icons | loops
mixpanel | simple-icons | mixpanel
ms-bing-capi | @iconify-json/logos | microsoft-icon
nextdoor-conversions | simple-icons | nextdoor
ntfy | simple-icons | ntfy
optimizely-web, optimizely-data-platform, optimizely-feature-experimentation, optimizely-advanced-audience-targeting | @iconify-json/logos | optimizely-icon
pinterest-conversions | @iconify-json/logos | pinterest
pipedrive | @thesvg/icons | pipedrive
posthog | @iconify-json/logos | posthog-icon
qualtrics | simple-icons | qualtrics
reddit-conversions-api | @iconify-json/logos | reddit-icon
responsys | @iconify-json/logos | oracle
salesforce-marketing-cloud | @iconify-json/logos | salesforce
segment | @iconify-json/logos | segment-icon
sendgrid, sendgrid-audiences | @iconify-json/logos | sendgrid-icon
singlestore | @iconify-json/logos | singlestore-icon
slack | @iconify-json/logos | slack-icon
survicate | @iconify-json/logos | survicate-icon
taboola | @thesvg/icons | taboola
tiktok-app-events, tiktok-audiences, tiktok-conversions, tiktok-offline-conversions | @iconify-json/logos | tiktok-icon
twilio, twilio-messaging, twilio-studio | @iconify-json/logos | twilio-icon
vwo | @iconify-json/logos | vwo
webhook, webhook-audiences, webhook-extensible | @iconify-json/logos | webhooks
zapier | @iconify-json/logos | zapier-icon
javascript | @iconify-json/logos | javascript
apple | @iconify-json/logos | swift
kotlin-android | @iconify-json/logos | kotlin-icon
react-native | @iconify-json/logos | react
flutter | simple-icons | flutter
node-js | @iconify-json/logos | nodejs-icon
python | @iconify-json/logos | python
go | @iconify-json/logos | go
java | @iconify-json/logos | java
ruby | @iconify-json/logos | ruby
php | @iconify-json/logos | php
net | @iconify-json/logos | dotnet
`;

export type LogoSource = { slug: string; package: LogoPackage; name: string };

export const LOGO_SOURCES: readonly LogoSource[] = LINES.trim()
  .split('\n')
  .flatMap((line) => {
    const [slugs = '', from = '', name = ''] = line.split('|').map((cell) => cell.trim());
    return slugs.split(', ').map((slug) => ({ slug, package: from as LogoPackage, name }));
  });
