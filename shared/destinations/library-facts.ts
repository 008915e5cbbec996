/**
 * The destinations of the library that are offered, one a line:
 * slug | name | class | categories | further names | folder in the library, if not the slug | event types, if not all.
 * Slugs are ours and stay for ever: stored destinations carry them. Names, previous names, categories and event types are facts of the
 * library and of Segment's public documentation (see NOTICE). That catalog says "no screen" of nearly every mapped destination, of those with
 * presets for screen calls too; only where it names fewer types still, and no preset or default trigger of the library says otherwise, the
 * type column follows it.
 */
export const LIBRARY_FACTS = `
1plusx | 1plusX | none | Advertising
1plusx-asset-api | 1plusX Asset API | credentials | Advertising | 1Plusx Asset Api
aampe | Aampe | key | Personalization; CRM
absmartly | ABsmartly | key | A/B Testing; Feature Flagging
accoil-analytics | Accoil Analytics | key | Analytics; Marketing Automation
acoustic | Acoustic Campaign | credentials | Marketing Automation
acoustic-s3 | Acoustic S3 | key | Marketing Automation; Email Marketing | Acoustic (Actions); Acoustic | acoustic-s3tc
actable-predictive | Actable Predictive | key | Analytics; Enrichment
adjust | Adjust | key | Attribution
adobe-target | Adobe Target | key | A/B Testing | Adobe Target Cloud Mode
aggregations-io | Aggregations.io | key | Raw Data; Analytics
airship | Airship | key | SMS & Push Notifications; Marketing Automation
algolia-insights | Algolia Insights | key | Analytics; Raw Data
altertable | Altertable | key | Analytics
ambee | Ambee | key | Enrichment
amplitude | Amplitude | key | Analytics | Actions Amplitude
amplitude-cohorts | Amplitude Cohorts | key | Analytics | | | identify; track
angler-ai | Angler AI | key | Attribution; Advertising
antavo | Antavo | key | Marketing Automation
app-fit | AppFit | key | Analytics | App Fit
appcues | Appcues | key | Personalization; Analytics | | | identify; track; page; screen; group
attentive | Attentive | key | SMS & Push Notifications; Marketing Automation
attio | Attio | token | CRM; Enrichment
attribution | Attribution | none | Attribution
avo | Avo | key | Analytics | | | track
avo-v2 | Avo Inspector v2 | key | Analytics
batch | Batch | key | CRM
blend-ai | Blend AI | key | Analytics | Blend Ai
braze | Braze | key | Email Marketing; Marketing Automation; SMS & Push Notifications | Braze Cloud Mode (Actions); Braze Cloud Mode
calliper | Calliper | key | Analytics | Calliper Cloud (Actions); Calliper Cloud
canny | Canny | key | Surveys | | canny-functions
canvas | Canvas | key | Raw Data
chartmogul | ChartMogul | key | Analytics; CRM | Chart Mogul
clay | Clay | key | Enrichment; Analytics
clevertap | CleverTap | key | Marketing Automation; SMS & Push Notifications | Clevertap (Actions); Clevertap
close | Close | key | CRM
collab-travel-crm | Collab Travel CRM | key | CRM
contentstack | Contentstack | none | Personalization; A/B Testing | Contentstack Cloud
cordial | Cordial | key | Email Marketing; SMS & Push Notifications; Marketing Automation
courier | Courier | key | Email Marketing; SMS & Push Notifications
criteo-audiences | Criteo Audiences | key | Advertising
customerio | Customer.io | key | Email Marketing; Marketing Automation | Actions Customerio; Customer.io Actions; Customerio
dawn | Dawn AI | key | Analytics
delivrai-audiences | Delivr AI Audiences | none | Advertising | | delivrai-activate
devrev | DevRev | key | CRM
dotdigital | Dotdigital | key | Email Marketing; Marketing Automation
drip | Drip | key | Marketing Automation; CRM
dub | Dub | key | Attribution; Referrals
eagleeye | Eagle Eye | key | Personalization; Marketing Automation | | eagleeye-audiences
emarsys | Emarsys | key | Email Marketing; Analytics
encharge | Encharge | key | Marketing Automation; Email Marketing | Encharge Cloud (Actions); Encharge Cloud
epsilon | Epsilon | none | Advertising
equals | Equals | none | Analytics
facebook-custom-audiences | Facebook Custom Audiences | token | Advertising | | | identify; track
friendbuy | Friendbuy | key | Referrals | Friendbuy (Cloud Destination)
fullstory | Fullstory | key | Analytics; Heatmaps & Recordings | Fullstory Cloud Mode (Actions); Fullstory Cloud Mode
gainsight-px | Gainsight PX | key | Analytics; Customer Success; Surveys; Email Marketing; Personalization | Gainsight Px Cloud (Actions); Gainsight Px Cloud; Gainsight Px | gainsight-px-cloud-action
gameball | Gameball | key | Marketing Automation; Personalization | gameball
gleap | Gleap | key | Customer Success; Livechat | Gleap (Action)
google-analytics-4 | Google Analytics 4 | key | Analytics | Google Analytics 4 Cloud; Actions Google Analytic 4; Actions Google Analytics 4; Google Analytic 4
gwen | GWEN | key | Personalization; Analytics
heap | Heap | key | Analytics | Heap Cloud (Actions); Heap Cloud
hubspot | HubSpot | token | CRM; Analytics; Email Marketing | HubSpot Cloud Mode (Actions); Hubspot Cloud Mode (actions); Hubspot Cloud Mode (Actions); HubSpot Cloud Mode; Hubspot Cloud Mode; Hubspot
hyperengage | Hyperengage | key | Customer Success
inleads-ai | Inleads AI | key | Analytics; Customer Success
insider | Insider | key | Marketing Automation; Personalization | Insider Cloud Mode (Actions); Insider Cloud Mode
insider-audiences | Insider Audiences | key | Marketing Automation; Personalization | | | identify; track
intercom | Intercom | token | Livechat; Customer Success; Email Marketing | Intercom Cloud Mode (Actions); Intercom Cloud Mode
iqm | IQM | none | Advertising | Iqm
ironclad | Ironclad | none | Raw Data
iterable | Iterable | key | Email Marketing; SMS & Push Notifications
iterable-audiences | Iterable Audiences | key | Email Marketing; SMS & Push Notifications | Iterable Lists (Actions)
iterable-lists | Iterable Lists | key | Email Marketing; SMS & Push Notifications
jimo | Jimo | key | Personalization | Jimo Cloud (actions); Jimo Cloud | jimo-cloud
june | June | key | Analytics; Customer Success; CRM
kameleoon | Kameleoon | key | A/B Testing; Feature Flagging | Actions Kameleoon
kevel | Kevel UserDB | key | Advertising
kevel-audience | Kevel Audience | key | Advertising
klaviyo | Klaviyo | key | Email Marketing; SMS & Push Notifications
klime | Klime | key | Analytics
koala | Koala | key | CRM; Analytics | Koala (Cloud)
lark | Lark | key | Customer Success
launchdarkly | LaunchDarkly | key | Feature Flagging; A/B Testing; Personalization | LaunchDarkly (Actions) Destination; LaunchDarkly Destination
launchdarkly-audiences | LaunchDarkly Audiences | key | Feature Flagging; A/B Testing
launchpad | Launchpad | key | Analytics
listrak | Listrak | credentials | Marketing Automation; Email Marketing
livelike | LiveLike | key | Livechat; Marketing Automation | | livelike-cloud | track; page; screen; identify
loops | Loops | key | Email Marketing; Marketing Automation
m3ter | m3ter | credentials | Customer Success
magellan-ai | Magellan AI | key | Attribution
mantle | Mantle | key | CRM
marketo-static-lists | Marketo Static Lists | credentials | Email Marketing
metronome | Metronome | key | Customer Success
mixpanel | Mixpanel | key | Analytics
moengage | MoEngage | key | Marketing Automation; Analytics; SMS & Push Notifications; CRM; Email Marketing | Moengage (Actions); Moengage
moloco-mcm | Moloco MCM | key | Advertising | Moloco Rmp | moloco-rmp
movable-ink | Movable Ink | key | Personalization
ms-bing-capi | Microsoft Advertising Conversions | key | Advertising | Microsoft Bing CAPI (Actions); Microsoft Bing CAPI; Ms Bing Capi
nextdoor-conversions | Nextdoor Conversions | key | Advertising; Attribution | Nextdoor Conversions API | nextdoor-capi
nudge | Nudge | key | Personalization; Marketing Automation
optimizely-advanced-audience-targeting | Optimizely Advanced Audience Targeting | key | A/B Testing; Personalization
optimizely-data-platform | Optimizely Data Platform | key | Personalization; A/B Testing
optimizely-feature-experimentation | Optimizely Feature Experimentation | key | A/B Testing; Analytics; Feature Flagging; Performance Monitoring; Personalization | | optimizely-feature-experimentation-actions
optimizely-web | Optimizely Web | key | A/B Testing; Personalization
ortto | Ortto | key | Marketing Automation; Email Marketing
ortto-audiences | Ortto Audiences | key | Marketing Automation; Email Marketing | Ortto (Audiences)
outfunnel | Outfunnel | key | Marketing Automation
pendo-audiences | Pendo Audiences | key | Analytics; Customer Success
pinterest-conversions | Pinterest Conversions | key | Advertising | Pinterest Conversions API
pipedrive | Pipedrive | key | CRM; Marketing Automation | Actions Pipedrive
playerzero | PlayerZero | key | Analytics | PlayerZero Cloud | playerzero-cloud
podscribe | Podscribe | none | Attribution; Marketing Automation
posthog | PostHog | key | Analytics; Feature Flagging | Posthog
postscript | Postscript | key | SMS & Push Notifications
prodeology | Prodeology | key | Analytics
pushwoosh | Pushwoosh | key | Marketing Automation; Personalization
qualified | Qualified | key | CRM
qualtrics | Qualtrics | key | Surveys; Personalization
recombee | Recombee | key | Personalization; Marketing Automation
reddit-conversions-api | Reddit Conversions | key | Advertising | Reddit Conversions API; Reddit Conversions Api
rehook | Rehook | key | Marketing Automation; Personalization
responsys | Oracle Responsys | credentials | Email Marketing; Marketing Automation | Responsys (Actions); Responsys
revend | Revend | key | Analytics | Revend Actions
revx | RevX | none | Advertising; Attribution | RevX Cloud (Actions); RevX Cloud
ripe | Ripe | key | Analytics | Ripe Cloud Mode (Actions); Ripe Cloud Mode
roadwayai | Roadway AI | key | Attribution; Marketing Automation
rokt-audiences | Rokt Audiences | key | Advertising
rokt-capi | Rokt Conversions | key | Advertising | Rokt Conversions API
salesforce-marketing-cloud | Salesforce Marketing Cloud | credentials | Email Marketing; Marketing Automation | Salesforce Marketing
saleswings | SalesWings | key | CRM; Analytics | Saleswings (Actions); Saleswings
schematic | Schematic | key | Feature Flagging; Analytics
segment | Segment | key | Raw Data | Segment Connections
sendgrid | SendGrid | key | Email Marketing; Marketing Automation | Sendgrid Marketing Campaigns; SendGrid Marketing Campaigns
sendgrid-audiences | SendGrid Lists | key | Email Marketing
singlestore | SingleStore | key | Raw Data; Analytics | Singlestore
slack | Slack | none | Customer Success | Actions Slack
spiffy | Spiffy | key | Raw Data
sprig | Sprig | key | Surveys | Sprig Cloud (Actions); Sprig Cloud
stackadapt | StackAdapt | none | Advertising; Marketing Automation | StackAdapt Events & Conversions; StackAdapt Cloud (Actions); StackAdapt - Actions; StackAdapt Cloud
stackadapt-audiences | StackAdapt Audiences | key | Advertising; Marketing Automation
surveysparrow | SurveySparrow | key | Surveys | Surveysparrow
survicate | Survicate | key | Surveys | Survicate Cloud Mode (Actions); Survicate Cloud Mode
taboola | Taboola | credentials | Advertising | Taboola (actions) | taboola-actions | track
taguchi | Taguchi | key | Email Marketing; Marketing Automation
talon-one | Talon.One | key | Referrals; Marketing Automation
tiktok-app-events | TikTok App Events | key | Advertising
tiktok-audiences | TikTok Audiences | token | Advertising | | | track
tiktok-conversions | TikTok Conversions | key | Advertising | Tiktok Conversions
tiktok-offline-conversions | TikTok Offline Conversions | key | Advertising | Tiktok Offline Conversions; Tiktok Offline Conversions (Actions) | | track; page
toplyne | Toplyne | key | Analytics | Toplyne Cloud Mode (Actions); Toplyne Cloud Mode
topsort | Topsort | key | Advertising; Analytics
trackey | Trackey | key | Analytics
trubrics | Trubrics | key | Analytics
twilio | Twilio | key | SMS & Push Notifications
twilio-messaging | Twilio Messaging | key | SMS & Push Notifications; Email Marketing
twilio-studio | Twilio Studio | key | SMS & Push Notifications | | | identify
usermaven | Usermaven | key | Analytics; Attribution
usermotion | UserMotion | key | Analytics; Enrichment
userpilot | Userpilot | key | Personalization; Analytics | Userpilot Cloud (Actions); Userpilot Cloud
vibe-audience | Vibe Audiences | key | Advertising; Performance Monitoring | Vibe Audience
voiceops | Voiceops | key | Customer Success
voucherify | Voucherify | key | Marketing Automation; Referrals
voyage | Voyage | key | SMS & Push Notifications
vwo | VWO | key | A/B Testing; Heatmaps & Recordings | VWO Cloud Mode (Actions); VWO Cloud Mode
webhook | Webhook | none | Raw Data | Webhooks (Actions); Webhooks
webhook-audiences | Webhook Audiences | none | Raw Data
webhook-extensible | Extensible Webhook | credentials | Raw Data
xtremepush | Xtremepush | key | Marketing Automation; CRM
yonoma | Yonoma | key | Marketing Automation; Email Marketing
youappi-audiences | YouAppi Audiences | key | Advertising | Youappi Audiences
zapier | Zapier | none | Raw Data
`;
